/** Google's errors: `{error: {code, message, status, details}}`. */
import { RefusedRequest } from '../service';

const STATUS_BY_CODE: Record<number, string> = {
	400: 'INVALID_ARGUMENT',
	401: 'UNAUTHENTICATED',
	403: 'PERMISSION_DENIED',
	404: 'NOT_FOUND',
	429: 'RESOURCE_EXHAUSTED',
	500: 'INTERNAL',
	503: 'UNAVAILABLE',
	504: 'DEADLINE_EXCEEDED',
};

const KNOWN: Record<string, { status?: string; message: string; metadata?: Record<string, string> }> = {
	API_KEY_INVALID: { message: 'API key not valid. Please pass a valid API key.' },
	ACCESS_TOKEN_EXPIRED: { message: 'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.' },
	SERVICE_DISABLED: { message: 'Cloud Text-to-Speech API has not been used in project 1 before or it is disabled.' },
	BILLING_DISABLED: { message: 'This API method requires billing to be enabled. Please enable billing on project #1.' },
	RATE_LIMIT_EXCEEDED: {
		message: "Quota exceeded for quota metric 'All requests' and limit 'All requests per minute' of service 'texttospeech.googleapis.com'.",
		metadata: { quota_limit: 'AllRequestsPerMinutePerProject', quota_unit: '1/min/{project}' },
	},
	DAILY_LIMIT_EXCEEDED: {
		message: "Quota exceeded for quota metric 'Characters' and limit 'Characters per day' of service 'texttospeech.googleapis.com'.",
		metadata: { quota_limit: 'CharactersPerDayPerProject', quota_unit: '1/d/{project}' },
	},
	SAFETY: { message: 'The prompt could not be submitted: it contains sensitive words that violate our Responsible AI practices.' },
};

/** Words that the sandbox has for a case and that Google doesn't send as a reason. */
const NOT_A_REASON: Record<string, string | undefined> = { DAILY_LIMIT_EXCEEDED: 'RATE_LIMIT_EXCEEDED', SAFETY: undefined };

export function errorBody(code: number, reason?: string, message?: string): unknown {
	const known = KNOWN[reason ?? ''];
	const said = reason !== undefined && reason in NOT_A_REASON ? NOT_A_REASON[reason] : known && reason;
	return {
		error: {
			code,
			message: message ?? known?.message ?? 'The request could not be answered.',
			status: STATUS_BY_CODE[code] ?? (code >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT'),
			...(said === undefined
				? {}
				: {
						details: [
							{
								'@type': 'type.googleapis.com/google.rpc.ErrorInfo',
								reason: said,
								domain: 'googleapis.com',
								metadata: { service: 'texttospeech.googleapis.com', ...known?.metadata },
							},
						],
					}),
		},
	};
}

export function invalid(message: string): RefusedRequest {
	return new RefusedRequest(400, 'INVALID_ARGUMENT', message);
}
