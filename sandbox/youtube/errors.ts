/** Google's errors: `{error: {code, message, errors: [{message, domain, reason}]}}`, and OAuth's `{error, error_description}`. */
import { RefusedRequest } from '../service';

interface Known {
	status: number;
	domain: string;
	message: string;
}

const invalid = (message: string): Known => ({ status: 400, domain: 'youtube.video', message });

const account = (status: number, domain: string, message: string): Known => ({ status, domain, message });

/** By reason, from https://developers.google.com/youtube/v3/docs/errors and the page of each method. */
const KNOWN: Record<string, Known> = {
	invalidTitle: invalid('The request metadata specifies an invalid or empty video title.'),
	invalidDescription: invalid('The request metadata specifies an invalid video description.'),
	invalidTags: invalid('The request metadata specifies invalid video keywords.'),
	invalidCategoryId: invalid(
		"The <code>snippet.categoryId</code> property specifies an invalid category ID. Use the videoCategories.list method to retrieve supported categories.",
	),
	invalidPublishAt: invalid('The request metadata specifies an invalid scheduled publishing time.'),
	invalidRecordingDetails: invalid(
		'The <code>recordingDetails</code> object in the request metadata specifies invalid recording details.',
	),
	invalidVideoMetadata: invalid('The request metadata is invalid.'),
	uploadLimitExceeded: invalid('The user has exceeded the number of videos they may upload.'),
	mediaBodyRequired: invalid('The request does not include the video content.'),
	videoNotFound: {
		status: 404,
		domain: 'youtube.video',
		message: 'The video that you are trying to update cannot be found.',
	},
	playlistNotFound: {
		status: 404,
		domain: 'youtube.playlistItem',
		message: 'The playlist identified with the request\'s <code>playlistId</code> parameter cannot be found.',
	},
	invalidPageToken: {
		status: 400,
		domain: 'youtube.parameter',
		message: 'The request specifies an invalid page token.',
	},
	playlistItemsNotAccessible: {
		status: 403,
		domain: 'youtube.playlistItem',
		message: 'The request is not properly authorized to insert the specified playlist item.',
	},
	playlistContainsMaximumNumberOfVideos: {
		status: 403,
		domain: 'youtube.playlistItem',
		message: 'The playlist already contains the maximum allowed number of items.',
	},
	playlistOperationUnsupported: {
		status: 400,
		domain: 'youtube.playlistItem',
		message: 'The API does not support the ability to insert videos into the specified playlist.',
	},
	playlistIdRequired: {
		status: 400,
		domain: 'youtube.playlistItem',
		message: 'The request does not specify a value for the required <code>playlistId</code> property.',
	},
	resourceIdRequired: {
		status: 400,
		domain: 'youtube.playlistItem',
		message: 'The request must contain a resource in which the <code>snippet</code> object specifies a <code>resourceId</code>.',
	},
	invalidImage: { status: 400, domain: 'youtube.thumbnail', message: 'The provided image content is invalid.' },
	mediaBodyTooLarge: {
		status: 413,
		domain: 'youtube.thumbnail',
		message: 'The image is larger than 50 MB.',
	},
	captionExists: {
		status: 409,
		domain: 'youtube.caption',
		message: 'The specified video already has a caption track with the given language and name.',
	},
	captionNotFound: { status: 404, domain: 'youtube.caption', message: 'The caption track could not be found.' },
	contentRequired: { status: 400, domain: 'youtube.caption', message: 'The request does not contain the caption track contents.' },
	nameTooLong: { status: 400, domain: 'youtube.caption', message: 'The caption track name is too long. The maximum is 150 characters.' },
	invalidMetadata: {
		status: 400,
		domain: 'youtube.caption',
		message: 'The request contains invalid metadata values, which prevent the track from being created.',
	},
	quotaExceeded: {
		status: 403,
		domain: 'youtube.quota',
		message:
			'The request cannot be completed because you have exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.',
	},
	rateLimitExceeded: { status: 403, domain: 'usageLimits', message: 'Rate Limit Exceeded' },
	userRateLimitExceeded: { status: 403, domain: 'usageLimits', message: 'User Rate Limit Exceeded' },
	uploadRateLimitExceeded: {
		status: 403,
		domain: 'youtube.quota',
		message: 'The channel has uploaded too many thumbnails recently. Please try the request again later.',
	},
	youtubeSignupRequired: account(401, 'youtube.header', 'Unauthorized'),
	authenticatedUserAccountClosed: account(
		403,
		'youtube.common',
		"The authenticated user's YouTube account is closed. If the user is acting on behalf of another Google account, this error indicates that the latter account is closed.",
	),
	authenticatedUserAccountSuspended: account(
		403,
		'youtube.common',
		"The authenticated user's YouTube account is suspended. If the user is acting on behalf of another Google account, this error indicates that the latter account is suspended.",
	),
	forbidden: account(403, 'youtube.common', 'The request is not properly authorized.'),
	authError: account(
		401,
		'global',
		'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
	),
	missingRequiredParameter: { status: 400, domain: 'youtube.parameter', message: 'The request is missing a required parameter.' },
	invalidParameter: { status: 400, domain: 'youtube.parameter', message: 'The request specifies an invalid parameter.' },
	unknownPart: { status: 400, domain: 'youtube.part', message: 'The part parameter names an unknown part.' },
	unexpectedPart: { status: 400, domain: 'youtube.part', message: 'The request body holds a part that the part parameter does not name.' },
	badContent: { status: 400, domain: 'global', message: 'Media type is not supported.' },
	badRequest: { status: 400, domain: 'global', message: 'Bad Request' },
	notFound: { status: 404, domain: 'global', message: 'Not Found' },
	gone: { status: 410, domain: 'global', message: 'Gone' },
	lengthRequired: { status: 411, domain: 'global', message: 'Length Required' },
	backendError: { status: 503, domain: 'global', message: 'Backend Error' },
	internalError: { status: 500, domain: 'global', message: 'Internal Error' },
};

/** The frame's own reasons in Google's words. */
const ALIASES: Record<string, string> = { invalid_json: 'parseError', invalid_gzip: 'parseError', too_large: 'badContent' };

const REASON_BY_STATUS: Record<number, string> = {
	400: 'badRequest',
	401: 'authError',
	403: 'forbidden',
	404: 'notFound',
	410: 'gone',
	411: 'lengthRequired',
	429: 'rateLimitExceeded',
	500: 'internalError',
};

/** RFC 6749 §5.2, with Google's words. */
const OAUTH: Record<string, string> = {
	invalid_grant: 'Token has been expired or revoked.',
	invalid_client: 'The OAuth client was not found.',
	invalid_request: 'Could not determine client ID from request.',
	unauthorized_client: 'Unauthorized',
	unsupported_grant_type: 'Invalid grant_type',
	redirect_uri_mismatch: 'Bad Request',
};

export function errorBody(code: number, reason?: string, message?: string): unknown {
	const oauth = OAUTH[reason ?? ''];
	if (oauth !== undefined) return { error: reason, error_description: message ?? oauth };
	const named = ALIASES[reason ?? ''] ?? reason ?? REASON_BY_STATUS[code] ?? (code >= 500 ? 'backendError' : 'badRequest');
	const known = KNOWN[named];
	const text = message ?? known?.message ?? named;
	return {
		error: {
			code,
			message: text,
			errors: [{ message: text, domain: known?.domain ?? 'global', reason: named }],
		},
	};
}

/** The refusal with the status that goes with its reason. */
export function refusal(reason: string, message?: string): RefusedRequest {
	const known = KNOWN[reason];
	const status = known?.status ?? (reason === 'invalid_client' ? 401 : 400);
	return new RefusedRequest(status, reason, message ?? known?.message ?? OAUTH[reason] ?? reason);
}
