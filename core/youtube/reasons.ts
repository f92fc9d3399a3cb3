/**
 * YouTube's reasons, what each is about and what a person can do. Matched by `error.errors[].reason`,
 * never by the status: the same 403 is a spent quota, a closed account or a missing right.
 * Sources: https://developers.google.com/youtube/v3/docs/errors and .../docs/videos/insert (2026-11),
 * RFC 6749 §5.2 for the token endpoint's words.
 */
import type { ErrorClass } from '../errors';

/** Whose trouble it is: ours, the Google project's, the channel's, the account's connection, or YouTube's own. */
export type Scope = 'request' | 'project' | 'channel' | 'account' | 'service';

export interface Refusal {
	errorClass: ErrorClass;
	scope: Scope;
	cure: string;
}

const WAIT_FOR_MIDNIGHT =
	"Nothing to do but wait for midnight in California, when the project's quota is full again; another project's accounts can serve until then. More can be asked for with Google's quota extension form.";
const CONNECT_AGAIN =
	'Connect the account again with all asked permissions, and put the new refresh token into the YouTube Pool credential.';
const SLOW_DOWN = 'Wait a few minutes and run it again; the upload goes on where it stopped.';
const TRY_LATER = 'Run it again in a few minutes; the upload goes on where it stopped.';

const request = (cure: string): Refusal => ({ errorClass: 'invalid-request', scope: 'request', cure });
const account = (cure: string): Refusal => ({ errorClass: 'auth', scope: 'account', cure });
const tooFast: Refusal = { errorClass: 'rate-limited', scope: 'service', cure: SLOW_DOWN };
const spent: Refusal = { errorClass: 'quota-exhausted', scope: 'project', cure: WAIT_FOR_MIDNIGHT };
const down: Refusal = { errorClass: 'unavailable', scope: 'service', cure: TRY_LATER };

export const REASONS: Readonly<Record<string, Refusal>> = {
	quotaExceeded: spent,
	dailyLimitExceeded: spent,
	uploadLimitExceeded: {
		errorClass: 'quota-exhausted',
		scope: 'channel',
		cure: 'The channel has uploaded as much as YouTube allows in 24 hours, by app, web and API together. Wait a day, use another account, or verify the channel by phone for a higher limit.',
	},
	rateLimitExceeded: tooFast,
	userRateLimitExceeded: tooFast,
	uploadRateLimitExceeded: tooFast,
	servingLimitExceeded: tooFast,
	quotaExceededPerMinute: tooFast,

	invalid_grant: account(
		`The refresh token is no longer valid: it was revoked, unused for six months, or the consent screen is still in "Testing", where tokens live seven days. ${CONNECT_AGAIN}`,
	),
	invalid_client: account('The client ID and client secret do not belong together. Copy both again from the Google Cloud console into the YouTube Pool credential.'),
	unauthorized_client: account(`The refresh token was given to another OAuth client. ${CONNECT_AGAIN}`),
	authError: account(CONNECT_AGAIN),
	authorizationRequired: account(CONNECT_AGAIN),
	invalidCredentials: account(CONNECT_AGAIN),
	insufficientPermissions: account(`The connection lacks a permission (scope) that this call needs. ${CONNECT_AGAIN}`),
	ACCESS_TOKEN_SCOPE_INSUFFICIENT: account(`The connection lacks a permission (scope) that this call needs. ${CONNECT_AGAIN}`),
	youtubeSignupRequired: account('The Google account has no YouTube channel. Sign in at youtube.com with it, create a channel, and connect it again.'),
	authenticatedUserNotChannel: account('The Google account has no YouTube channel. Sign in at youtube.com with it, create a channel, and connect it again.'),
	channelClosed: account('The channel is closed. Take it out of the pool, or reopen it with YouTube and connect it again.'),
	channelSuspended: account('The channel is suspended. Appeal in YouTube Studio; take it out of the pool until it is back.'),
	accountClosed: account('The account is closed. Take it out of the pool.'),
	accountSuspended: account('The account is suspended. Appeal in YouTube Studio; take it out of the pool until it is back.'),
	authenticatedUserAccountClosed: account('The account is closed. Take it out of the pool.'),
	authenticatedUserAccountSuspended: account('The account is suspended. Appeal in YouTube Studio; take it out of the pool until it is back.'),
	accessNotConfigured: {
		errorClass: 'auth',
		scope: 'project',
		cure: 'Enable "YouTube Data API v3" for this project in the Google Cloud console, wait a few minutes, and run it again.',
	},
	forbidden: {
		errorClass: 'auth',
		scope: 'request',
		cure: 'The account may not do this: check that the channel ID in the credential belongs to it, and that the channel is in good standing in YouTube Studio.',
	},

	invalidTitle: request('Give a title of 1 to 100 characters without < and >.'),
	invalidDescription: request('Give a description of at most 5,000 bytes without < and >.'),
	invalidTags: request('Give fewer or shorter tags: together at most 500 characters, without < and >.'),
	invalidCategoryId: request('Choose a category that YouTube offers in the channel’s country, e.g. 22 (People & Blogs).'),
	invalidPublishAt: request('Give a publishing time in the future, and set the privacy to private.'),
	invalidRecordingDetails: request('Correct the recording date, or leave it out.'),
	invalidVideoGameRating: request('Leave the game rating out.'),
	invalidVideoMetadata: request('Give at least a title and a category.'),
	invalidFilename: request('Rename the file to letters, digits and hyphens.'),
	defaultLanguageNotSet: request('Set the default language when localised titles are given.'),
	mediaBodyRequired: request('The request held no video: check that the file is not empty.'),
	invalidMetadata: request('Correct the named field of the video.'),
	badRequest: request('Correct the named value and run it again.'),
	invalid: request('Correct the named value and run it again.'),
	invalidParameter: request('Correct the named value and run it again.'),
	forbiddenLicenseSetting: request('Choose the standard YouTube licence.'),
	forbiddenPrivacySetting: request('Choose another privacy: this channel may not use the chosen one.'),
	forbiddenEmbedSetting: request('Allow embedding, or leave the setting as it is on the channel.'),
	videoNotFound: request('The video is not there: it was deleted, or belongs to another account.'),
	notFound: request('What was asked for is not there: it was deleted, or belongs to another account.'),
	playlistNotFound: request('The playlist is not there or is not visible to this account: check its ID, and name the account that it belongs to.'),
	playlistItemsNotAccessible: request('The playlist belongs to another channel: name the account that it belongs to, or upload on that account.'),
	playlistContainsMaximumNumberOfVideos: request('The playlist is full: take videos out of it, or choose another one.'),
	playlistOperationUnsupported: request('YouTube fills this playlist itself: choose one that was made on the channel.'),
	invalidPlaylistItemType: request('The playlist takes no such video: choose another one.'),
	invalidImage: request('Give a JPEG or PNG picture.'),
	captionExists: request('A caption track of this language and name is already there: run it again, and it is replaced.'),
	captionNotFound: request('The caption track is not there any more: run it again, and it is added.'),
	contentRequired: request('The request held no captions: check that the text is not empty.'),
	nameTooLong: request('Give the caption track a name of at most 150 characters.'),
	mediaBodyTooLarge: request('Give a smaller file.'),

	backendError: down,
	internalError: down,
	serviceUnavailable: down,
	processingFailure: down,
	SERVICE_UNAVAILABLE: down,
};
