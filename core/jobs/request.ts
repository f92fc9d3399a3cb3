/** What may be asked for: the webhook's body, checked field by field at the door. */
import { invalidRequest, type FieldIssue } from '../errors';
import { z } from '../vendor/zod';
import { FORMATS, RESOLUTIONS } from '../video/formats';
import { momentOf } from '../youtube/moment';

export const STYLES = ['professional', 'casual', 'energetic', 'calm'] as const;

const required = { error: (issue: { input?: unknown }) => (issue.input === undefined ? 'required' : 'text') };

export const videoIdSchema = z
	.string(required)
	.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, '1 to 64 letters, digits, hyphens or underscores, beginning with a letter or digit');

/** YouTube's planned publication; how far ahead is not its limit but a sensible one. */
const LATEST_PLAN_MS = 2 * 366 * 86_400_000;

const requestSchema = (now: number) => z.strictObject({
	video_id: videoIdSchema,
	topic: z
		.string(required)
		.trim()
		.min(3, 'at least 3 characters')
		.max(500, 'at most 500 characters')
		// eslint-disable-next-line no-control-regex -- control characters are what is refused
		.regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/, 'no control characters'),
	style: z.enum(STYLES, `one of ${STYLES.join(', ')}`).default('professional'),
	duration: z
		.number('a number of seconds')
		.int('whole seconds')
		.min(15, 'at least 15 seconds')
		.max(1800, 'at most 1800 seconds')
		.default(60),
	channel_id: z.string().trim().max(64, 'at most 64 characters').optional(),
	customer_id: z.string().trim().max(64, 'at most 64 characters').optional(),
	publish_at: z
		.string('a time with its offset, e.g. 2027-01-31T18:00:00+01:00')
		.refine((text) => /T/.test(text) && momentOf(text) !== undefined, { error: 'a time with its offset, e.g. 2027-01-31T18:00:00+01:00', abort: true })
		.refine((text) => (momentOf(text) ?? 0) < now + LATEST_PLAN_MS, 'within two years')
		.optional(),
	notify_email: z.email('an e-mail address').max(254, 'at most 254 characters').optional(),
	options: z
		.strictObject({
			language: z
				.string()
				.regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language tag such as en or pt-BR')
				.default('en'),
			privacy: z
				.enum(['private', 'unlisted', 'public'], 'one of private, unlisted, public')
				.default('private'),
			made_for_kids: z.boolean('true or false').default(false),
			quality_threshold: z
				.number('a number from 0 to 1')
				.min(0, 'at least 0')
				.max(1, 'at most 1')
				.default(0.7),
			format: z.enum(FORMATS, `one of ${FORMATS.join(', ')}`).default('16:9'),
			resolution: z
				.enum(RESOLUTIONS, `one of ${RESOLUTIONS.join(', ')}`)
				.default('1920x1080'),
			voice_id: z.string().max(64, 'at most 64 characters').optional(),
		})
		.prefault({}),
}).refine(({ publish_at: at, options }) => at === undefined || options.privacy === 'private', {
	path: ['options', 'privacy'],
	error: 'private until publish_at: YouTube makes it public then',
});

/** A request that has passed the door; `duration` in seconds. */
export type VideoRequest = z.infer<ReturnType<typeof requestSchema>>;

export type Validation =
	| { valid: true; request: VideoRequest }
	| { valid: false; issues: FieldIssue[] };

/**
 * Also of a video that is known already: its planned publication may have passed, see `assertNew`.
 * @param now milliseconds since 1970: a planned publication lies within two years of it
 */
export function validateRequest(body: unknown, now = Date.now()): Validation {
	const parsed = requestSchema(now).safeParse(body);
	if (parsed.success) return { valid: true, request: parsed.data };
	return { valid: false, issues: issuesOf(parsed.error) };
}

/**
 * What must hold of a video that nobody has asked for yet.
 * @throws YtempireError `invalid-request` with the field, HTTP status 400
 */
export function assertNew({ publish_at: at }: VideoRequest, now: number): void {
	if (at === undefined || (momentOf(at) ?? 0) > now) return;
	throw invalidRequest('The request is not valid', {
		cure: 'Correct the named fields and send it again.',
		reason: 'invalid-request',
		httpStatus: 400,
		issues: [{ field: 'publish_at', reason: 'in the future' }],
	});
}

/** What isn't right, in the words of who sent it. */
export function issuesOf(error: z.ZodError): FieldIssue[] {
	return error.issues.flatMap((issue) => {
		const path = issue.path.join('.');
		if (issue.code === 'unrecognized_keys') {
			return issue.keys.map((key) => ({
				field: [...issue.path, key].join('.').slice(0, 100),
				reason: 'unknown field',
			}));
		}
		return [{ field: path || 'body', reason: path ? issue.message : 'a JSON object' }];
	});
}
