/** The checks that YouTube makes on a video's metadata, on insert and update. */
import { refusal } from './errors';
import type { VideoMetadata } from './state';

/** https://developers.google.com/youtube/v3/docs/videos#properties */
const MAX_TITLE_CHARACTERS = 100;
const MAX_DESCRIPTION_BYTES = 5000;
const MAX_TAG_CHARACTERS = 500;

/** The categories that may be assigned in the United States. */
const CATEGORIES = new Set(['1', '2', '10', '15', '17', '19', '20', '22', '23', '24', '25', '26', '27', '28', '29']);

export const PRIVACIES = ['public', 'unlisted', 'private'] as const;

export type Privacy = (typeof PRIVACIES)[number];

type Fields = Record<string, unknown>;

/** Properties by part: those that may be set, then those that YouTube sets itself and takes no notice of. */
const PROPERTIES: Record<string, readonly string[]> = {
	snippet: [
		...['title', 'description', 'tags', 'categoryId', 'defaultLanguage', 'defaultAudioLanguage'],
		...['channelId', 'channelTitle', 'publishedAt', 'thumbnails', 'localized', 'liveBroadcastContent'],
	],
	status: [
		...['privacyStatus', 'publishAt', 'license', 'embeddable', 'publicStatsViewable'],
		...['selfDeclaredMadeForKids', 'containsSyntheticMedia'],
		...['uploadStatus', 'failureReason', 'rejectionReason', 'madeForKids'],
	],
	recordingDetails: ['recordingDate', 'location', 'locationDescription'],
	paidProductPlacementDetails: ['hasPaidProductPlacement'],
};

/** The parts that may be written. */
export const WRITABLE_PARTS = [...Object.keys(PROPERTIES), 'localizations'] as const;

/** YouTube's own counting: a comma between tags, and a pair of quotes around one with a space. */
export function tagCharacters(tags: string[]): number {
	const own = tags.reduce((sum, tag) => sum + [...tag].length + (tag.includes(' ') ? 2 : 0), 0);
	return own + Math.max(0, tags.length - 1);
}

const isText = (value: unknown): value is string => typeof value === 'string';

const hasAngle = (text: string): boolean => /[<>]/.test(text);

function checkNames(part: string, fields: unknown): asserts fields is Fields {
	if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
		throw refusal('badRequest', `Invalid value at '${part}'`);
	}
	const allowed = PROPERTIES[part];
	const unknown = Object.keys(fields).find((name) => allowed && !allowed.includes(name));
	if (unknown !== undefined) {
		throw refusal('badRequest', `Invalid JSON payload received. Unknown name "${unknown}" at '${part}': Cannot find field.`);
	}
}

function checkBooleans(part: string, fields: Fields, names: string[]): void {
	for (const name of names) {
		if (fields[name] !== undefined && typeof fields[name] !== 'boolean') {
			throw refusal('badRequest', `Invalid value at '${part}.${name}' (TYPE_BOOL)`);
		}
	}
}

function checkSnippet({ title, description, tags, categoryId }: Fields): void {
	if (!isText(title) || title.trim() === '' || [...title].length > MAX_TITLE_CHARACTERS || hasAngle(title)) {
		throw refusal('invalidTitle');
	}
	if (description !== undefined) {
		const isGood = isText(description) && Buffer.byteLength(description) <= MAX_DESCRIPTION_BYTES && !hasAngle(description);
		if (!isGood) throw refusal('invalidDescription');
	}
	if (tags !== undefined) {
		const isGood =
			Array.isArray(tags) &&
			tags.every((tag) => isText(tag) && tag.trim() !== '' && !hasAngle(tag)) &&
			tagCharacters(tags as string[]) <= MAX_TAG_CHARACTERS;
		if (!isGood) throw refusal('invalidTags');
	}
	if (categoryId !== undefined && !(isText(categoryId) && CATEGORIES.has(categoryId))) throw refusal('invalidCategoryId');
}

const isTime = (value: unknown): value is string =>
	isText(value) && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));

function checkStatus(status: Fields, now: number): void {
	const { privacyStatus, publishAt, license } = status;
	checkBooleans('status', status, ['embeddable', 'publicStatsViewable', 'selfDeclaredMadeForKids', 'containsSyntheticMedia']);
	if (privacyStatus !== undefined && !PRIVACIES.includes(privacyStatus as Privacy)) {
		throw refusal('badRequest', `Invalid value at 'status.privacyStatus': ${JSON.stringify(privacyStatus)}`);
	}
	if (license !== undefined && license !== 'youtube' && license !== 'creativeCommon') {
		throw refusal('badRequest', `Invalid value at 'status.license': ${JSON.stringify(license)}`);
	}
	if (publishAt === undefined) return;
	if (!isTime(publishAt) || privacyStatus !== 'private' || Date.parse(publishAt) <= now) throw refusal('invalidPublishAt');
}

/**
 * Takes the parts named by `parts` out of a request's body.
 * @throws RefusedRequest 400 with YouTube's reason
 */
export function checkMetadata(body: unknown, parts: string[], now: number): VideoMetadata {
	if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refusal('invalidVideoMetadata');
	const given = body as Fields;
	for (const name of Object.keys(given)) {
		if (name === 'id' || name === 'kind' || name === 'etag') continue;
		if (!(WRITABLE_PARTS as readonly string[]).includes(name)) {
			throw refusal('badRequest', `Invalid JSON payload received. Unknown name "${name}": Cannot find field.`);
		}
		if (!parts.includes(name)) throw refusal('unexpectedPart', `'${name}'`);
		checkNames(name, given[name]);
	}
	if (parts.includes('snippet')) checkSnippet((given.snippet ?? {}) as Fields);
	if (given.status !== undefined) checkStatus(given.status as Fields, now);
	const recorded = (given.recordingDetails as Fields | undefined)?.recordingDate;
	if (recorded !== undefined && !isTime(recorded) && !(isText(recorded) && /^\d{4}-\d\d-\d\d$/.test(recorded))) {
		throw refusal('invalidRecordingDetails');
	}
	return Object.fromEntries(Object.entries(given).filter(([name]) => parts.includes(name)));
}
