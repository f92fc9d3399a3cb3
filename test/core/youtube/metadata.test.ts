/** A video's fields, checked before any quota is spent. */
import { describe, expect, it } from 'vitest';

import type { YtempireError } from '../../../core/errors';
import { videoInsert, type MetadataInput } from '../../../core/youtube/metadata';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const insert = (input: Partial<MetadataInput>) => videoInsert({ title: 'Volcanoes', ...input }, NOW);
const issuesOf = (input: Partial<MetadataInput>) => {
	try {
		insert(input);
	} catch (error) {
		return (error as YtempireError).issues;
	}
	return [];
};

describe('the metadata of a video', () => {
	it('is private, honest about being generated, and complete when only a title is given', () => {
		expect(insert({})).toEqual({
			parts: ['snippet', 'status'],
			body: {
				snippet: { title: 'Volcanoes', description: '', tags: [], categoryId: '22' },
				status: {
					privacyStatus: 'private',
					selfDeclaredMadeForKids: false,
					containsSyntheticMedia: true,
					embeddable: true,
					license: 'youtube',
					publicStatsViewable: true,
				},
			},
			notifySubscribers: true,
			title: 'Volcanoes',
			privacyStatus: 'private',
		});
	});

	it('carries every field that YouTube takes on insert', () => {
		const { parts, body, notifySubscribers } = insert({
			description: 'Fire',
			tags: ['lava', 'hot rocks', 'lava', ' '],
			categoryId: '27',
			publishAt: '2026-12-24T18:00:00+01:00',
			selfDeclaredMadeForKids: true,
			containsSyntheticMedia: false,
			embeddable: false,
			license: 'creativeCommon',
			publicStatsViewable: false,
			notifySubscribers: false,
			defaultLanguage: 'en',
			defaultAudioLanguage: 'pt-BR',
			recordingDate: '2026-11-01',
			hasPaidProductPlacement: true,
			translations: { 'pt-BR': { title: 'Vulcões', description: 'Fogo' } },
		});
		expect(parts).toEqual(['snippet', 'status', 'recordingDetails', 'paidProductPlacementDetails', 'localizations']);
		expect(notifySubscribers).toBe(false);
		expect(body).toEqual({
			snippet: { title: 'Volcanoes', description: 'Fire', tags: ['lava', 'hot rocks'], categoryId: '27', defaultLanguage: 'en', defaultAudioLanguage: 'pt-BR' },
			status: {
				privacyStatus: 'private', publishAt: '2026-12-24T17:00:00.000Z', selfDeclaredMadeForKids: true,
				containsSyntheticMedia: false, embeddable: false, license: 'creativeCommon', publicStatsViewable: false,
			},
			recordingDetails: { recordingDate: '2026-11-01T00:00:00.000Z' },
			paidProductPlacementDetails: { hasPaidProductPlacement: true },
			localizations: { 'pt-BR': { title: 'Vulcões', description: 'Fogo' } },
		});
	});

	it('keeps defaults where a field is undefined', () => {
		expect(insert({ privacyStatus: undefined, containsSyntheticMedia: undefined }).body.status).toMatchObject({
			privacyStatus: 'private', containsSyntheticMedia: true,
		});
	});

	it.each<[string, Partial<MetadataInput>, string]>([
		['an empty title', { title: '  ' }, 'title'],
		['a title of 101 characters', { title: 'x'.repeat(101) }, 'title'],
		['a title with a bracket', { title: 'a > b' }, 'title'],
		['a title of two lines', { title: 'a\nb' }, 'title'],
		['a description of 5,001 bytes', { description: 'é'.repeat(2500) + 'x' }, 'description'],
		['a description with a bracket', { description: '<b>' }, 'description'],
		['tags of 501 characters with commas and quotes', { tags: ['x'.repeat(248), 'a b', 'y'.repeat(246)] }, 'tags'],
		['a category that nobody may choose', { categoryId: '30' }, 'category'],
		['a category that is none', { categoryId: 'constructor' }, 'category'],
		['an unknown privacy', { privacyStatus: 'secret' as 'private' }, 'privacy'],
		['a publishing time of a public video', { privacyStatus: 'public', publishAt: '2027-01-01T00:00:00Z' }, 'publishAt'],
		['a publishing time in the past', { publishAt: '2026-11-22T11:59:59Z' }, 'publishAt'],
		['a publishing time on nobody’s clock', { publishAt: '2027-01-01T00:00:00' }, 'publishAt'],
		['a recording date in the future', { recordingDate: '2027-01-01' }, 'recordingDate'],
		['a flag that is a text', { embeddable: 'false' as unknown as boolean }, 'embeddable'],
		['a translation without the language of the original', { translations: { de: { title: 'Vulkane', description: '' } } }, 'translations'],
		['a translation into no language', { defaultLanguage: 'en', translations: { 'in German': { title: 'Vulkane', description: '' } } }, 'translations'],
		['a translation without a title', { defaultLanguage: 'en', translations: { de: { title: ' ', description: '' } } }, 'translations'],
		['a translation of 5,001 bytes', { defaultLanguage: 'en', translations: { de: { title: 'Vulkane', description: 'x'.repeat(5001) } } }, 'translations'],
		['a language that is none', { defaultLanguage: 'English!' }, 'defaultLanguage'],
	])('refuses %s, and names the field', (_name, input, field) => {
		expect(issuesOf(input).map((issue) => issue.field)).toEqual([field]);
	});

	it('takes what is exactly at the limits', () => {
		expect(issuesOf({ title: '🌋'.repeat(100), description: 'é'.repeat(2500), tags: ['x'.repeat(248), 'a b', 'y'.repeat(245)] })).toEqual([]);
	});

	it('names all fields at once', () => {
		expect(issuesOf({ title: '', description: '<', tags: ['<'] }).map(({ field }) => field)).toEqual(['title', 'description', 'tags']);
	});
});
