/** A video's fields as YouTube takes them on insert, checked before any quota is spent. */
import { invalidRequest, type FieldIssue } from '../errors';
import { characterCount } from '../text';

import { CATEGORIES } from './categories';
import { tagsLength, YOUTUBE_LIMITS } from './limits';
import { momentOf, utcText } from './moment';

export const PRIVACY = ['private', 'unlisted', 'public'] as const;

export type Privacy = (typeof PRIVACY)[number];

export const LICENSES = ['youtube', 'creativeCommon'] as const;

export type License = (typeof LICENSES)[number];

export interface VideoMetadata {
	title: string;
	description: string;
	tags: string[];
	/** One of CATEGORIES, e.g. `22`. */
	categoryId: string;
	privacyStatus: Privacy;
	/** ISO 8601 with its offset: when a private video becomes public. */
	publishAt?: string;
	selfDeclaredMadeForKids: boolean;
	containsSyntheticMedia: boolean;
	embeddable: boolean;
	license: License;
	publicStatsViewable: boolean;
	notifySubscribers: boolean;
	/** BCP 47: of title and description. */
	defaultLanguage?: string;
	/** BCP 47: of the speech. */
	defaultAudioLanguage?: string;
	/** ISO 8601 date or time. */
	recordingDate?: string;
	/** A partner has paid for what is shown; undefined: nothing is said. */
	hasPaidProductPlacement?: boolean;
	/** By BCP 47 language, for viewers who have chosen it; needs `defaultLanguage`. */
	translations?: Record<string, Translation>;
}

export interface Translation {
	title: string;
	description: string;
}

/**
 * What stands when nothing is said. Privacy is always sent: without it YouTube makes a video public
 * (revision history, 2026-11-02). Our videos are generated, so they say so.
 */
export const METADATA_DEFAULTS = {
	description: '',
	tags: [] as string[],
	categoryId: '22',
	privacyStatus: 'private',
	selfDeclaredMadeForKids: false,
	containsSyntheticMedia: true,
	embeddable: true,
	license: 'youtube',
	publicStatsViewable: true,
	notifySubscribers: true,
} as const satisfies Partial<VideoMetadata>;

export type MetadataInput = Partial<VideoMetadata> & Pick<VideoMetadata, 'title'>;

/** The body of videos.insert, its parts, and what goes into the query. */
export interface VideoInsert {
	parts: string[];
	body: Record<string, Record<string, unknown>>;
	notifySubscribers: boolean;
	title: string;
	privacyStatus: Privacy;
}

/** An expression may give a text such as "false", which YouTube would refuse. */
const FLAGS = [
	'selfDeclaredMadeForKids',
	'containsSyntheticMedia',
	'embeddable',
	'publicStatsViewable',
	'notifySubscribers',
	'hasPaidProductPlacement',
] as const;

const LANGUAGE = /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;

/**
 * @param now milliseconds since 1970; without it times aren't compared with it, for a video that YouTube has been told of
 * @throws YtempireError `invalid-request` with one issue per field that YouTube would reject
 */
export function videoInsert(input: MetadataInput, now?: number): VideoInsert {
	const video: VideoMetadata = { ...METADATA_DEFAULTS, ...defined(input) };
	const issues = issuesOf(video, now);
	if (issues.length > 0) {
		throw invalidRequest("YouTube would reject the video's metadata", {
			cure: 'Correct the named fields and run it again; no quota has been used.',
			reason: 'invalid-metadata',
			issues,
		});
	}
	const body = {
		snippet: defined({
			title: video.title.trim(),
			description: video.description,
			tags: tagsOf(video),
			categoryId: video.categoryId,
			defaultLanguage: video.defaultLanguage || undefined,
			defaultAudioLanguage: video.defaultAudioLanguage || undefined,
		}),
		status: defined({
			privacyStatus: video.privacyStatus,
			publishAt: video.publishAt ? utcText(video.publishAt) : undefined,
			selfDeclaredMadeForKids: video.selfDeclaredMadeForKids,
			containsSyntheticMedia: video.containsSyntheticMedia,
			embeddable: video.embeddable,
			license: video.license,
			publicStatsViewable: video.publicStatsViewable,
		}),
		...(video.recordingDate ? { recordingDetails: { recordingDate: utcText(video.recordingDate) } } : {}),
		...(video.hasPaidProductPlacement === undefined
			? {}
			: { paidProductPlacementDetails: { hasPaidProductPlacement: video.hasPaidProductPlacement } }),
		...(Object.keys(video.translations ?? {}).length > 0 ? { localizations: { ...video.translations } } : {}),
	};
	return {
		parts: Object.keys(body),
		body,
		notifySubscribers: video.notifySubscribers,
		title: body.snippet.title,
		privacyStatus: video.privacyStatus,
	};
}

function issuesOf(video: VideoMetadata, now: number | undefined): FieldIssue[] {
	const issues: FieldIssue[] = [];
	const refuse = (field: string, reason: string) => issues.push({ field, reason });

	const title = video.title.trim();
	const length = characterCount(title);
	if (length === 0) refuse('title', 'must not be empty');
	if (length > YOUTUBE_LIMITS.title) refuse('title', `${length} characters, at most ${YOUTUBE_LIMITS.title}`);
	if (hasControls(title, false)) refuse('title', 'must be one line without control characters');
	const bytes = Buffer.byteLength(video.description);
	if (bytes > YOUTUBE_LIMITS.description) refuse('description', `${bytes} bytes, at most ${YOUTUBE_LIMITS.description}`);
	if (hasControls(video.description, true)) refuse('description', 'must be without control characters');
	const tags = tagsOf(video);
	const counted = tagsLength(tags);
	if (counted > YOUTUBE_LIMITS.tags) {
		refuse('tags', `${counted} characters as YouTube counts them, at most ${YOUTUBE_LIMITS.tags}`);
	}
	for (const [field, text] of [['title', title], ['description', video.description], ['tags', tags.join()]] as const) {
		if (/[<>]/.test(text)) refuse(field, 'must be without < and >');
	}

	if (!Object.hasOwn(CATEGORIES, video.categoryId)) {
		refuse('category', `must be one of ${Object.keys(CATEGORIES).join(', ')}`);
	}
	if (!PRIVACY.includes(video.privacyStatus)) refuse('privacy', `must be one of ${PRIVACY.join(', ')}`);
	if (!LICENSES.includes(video.license)) refuse('license', `must be one of ${LICENSES.join(', ')}`);
	for (const field of FLAGS) {
		if (video[field] !== undefined && typeof video[field] !== 'boolean') refuse(field, 'must be true or false');
	}
	for (const field of ['defaultLanguage', 'defaultAudioLanguage'] as const) {
		const language = video[field];
		if (language && !LANGUAGE.test(language)) refuse(field, 'must be a language tag, e.g. en or pt-BR');
	}
	if (video.publishAt) {
		const at = momentOf(video.publishAt);
		if (video.privacyStatus !== 'private') refuse('publishAt', 'needs the privacy private until then');
		if (at === undefined) refuse('publishAt', 'must be a time with its offset, e.g. 2027-01-31T18:00:00+01:00');
		else if (now !== undefined && at <= now) refuse('publishAt', 'must be in the future');
	}
	if (video.recordingDate) {
		const at = momentOf(video.recordingDate);
		if (at === undefined) refuse('recordingDate', 'must be a date, e.g. 2026-11-22');
		else if (now !== undefined && at > now) refuse('recordingDate', 'must not be in the future');
	}
	issues.push(...translationIssues(video));
	return issues;
}

/** A translation is a title and a description of its own, with the same limits. */
function translationIssues({ translations = {}, defaultLanguage }: VideoMetadata): FieldIssue[] {
	const languages = Object.entries(translations);
	const issues: FieldIssue[] = [];
	if (languages.length > 0 && !defaultLanguage) {
		issues.push({ field: 'translations', reason: 'need the language of the title and description themselves' });
	}
	for (const [language, { title, description }] of languages) {
		const refuse = (reason: string) => issues.push({ field: 'translations', reason: `${language}: ${reason}` });
		if (!LANGUAGE.test(language)) refuse('must be a language tag, e.g. en or pt-BR');
		const length = characterCount(title.trim());
		if (length === 0 || length > YOUTUBE_LIMITS.title) refuse(`the title must have 1 to ${YOUTUBE_LIMITS.title} characters`);
		if (Buffer.byteLength(description) > YOUTUBE_LIMITS.description) refuse(`the description has more than ${YOUTUBE_LIMITS.description} bytes`);
		if (/[<>]/.test(title + description)) refuse('must be without < and >');
		if (hasControls(title, false) || hasControls(description, true)) refuse('must be without control characters');
	}
	return issues;
}

/** Without empty and repeated ones. */
function tagsOf({ tags }: VideoMetadata): string[] {
	return [...new Set(tags.map((tag) => tag.trim()).filter(Boolean))];
}

function hasControls(text: string, severalLines: boolean): boolean {
	// eslint-disable-next-line no-control-regex -- control characters are what is looked for
	return severalLines ? /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text) : /[\u0000-\u001f\u007f]/.test(text);
}

function defined<T extends object>(object: T): T {
	return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
