/** SendGrid's errors: `{errors: [{message, field, help}]}`. */

export interface MailError {
	message: string;
	field: string | null;
	help: string | null;
}

const HELP = 'http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html';

const MESSAGE_BY_STATUS: Record<number, string> = {
	401: 'The provided authorization grant is invalid, expired, or revoked',
	403: 'access forbidden',
	404: 'not found',
	413: 'The JSON payload you have included in your request is too large.',
	429: 'too many requests',
	500: 'An error occurred while processing your request.',
	503: 'The service is temporarily unavailable.',
};

const MESSAGE_BY_REASON: Record<string, string> = {
	maximum_credits_exceeded: 'Maximum credits exceeded',
	unverified_sender:
		'The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved.',
	invalid_json: 'Bad Request',
};

export function mailError(message: string, field: string, anchor: string): MailError {
	return { message, field, help: `${HELP}#message.${anchor}` };
}

export function errorBody(status: number, reason?: string, message?: string): { errors: MailError[] } {
	const known = reason === undefined ? undefined : MESSAGE_BY_REASON[reason];
	return {
		errors: [{ message: known ?? message ?? MESSAGE_BY_STATUS[status] ?? 'Bad Request', field: null, help: null }],
	};
}
