/** The YouTube Pool credential, read. */
import type { INodePropertyCollection } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { CREDENTIAL_FIELDS, poolFromCredential, projectOf } from '../../../core/pool/accounts';
import { YtempireYouTubePoolApi } from '../../../credentials/YtempireYouTubePoolApi.credentials';
import { poolCredential, testPool } from '../../support/pool';

const issuesOf = (data: unknown) => {
	try {
		poolFromCredential(data);
	} catch (error) {
		return (error as { issues: unknown }).issues;
	}
	return [];
};

describe('the YouTube Pool credential', () => {
	it('is fifteen accounts with the owner’s rules on the costs of June 2026', () => {
		const pool = testPool();
		expect(pool.accounts.map(({ role }) => role)).toEqual([...Array<string>(10).fill('active'), ...Array<string>(5).fill('reserve')]);
		expect(pool.quota).toEqual({ profile: 'june-2026', limits: {}, safeShare: 0.9, videosPerAccount: 5, cooldownUntil: 'hours', cooldownHours: 24, failureLimit: 3, requestsPerMinute: 100 });
	});

	it('has a field for each value that is read of it', () => {
		const { properties } = new YtempireYouTubePoolApi();
		const names = (list: Array<{ name: string; type?: string }>) => list.filter(({ type }) => type !== 'notice').map(({ name }) => name).sort();
		expect(names(properties)).toEqual([...CREDENTIAL_FIELDS.credential].sort());
		const [group] = properties.find(({ name }) => name === 'accounts')?.options ?? [];
		expect(names((group as INodePropertyCollection).values)).toEqual([...CREDENTIAL_FIELDS.account].sort());
	});

	it('as n8n fills it in is the one that nothing was changed in', () => {
		const { properties } = new YtempireYouTubePoolApi();
		const untouched = Object.fromEntries(properties.map(({ name, default: value }) => [name, value]));
		expect(testPool({ rules: { ...untouched, accounts: poolCredential().accounts } }).quota).toEqual(testPool().quota);
	});

	it('has room for what Google granted', () => {
		expect(testPool({ rules: { videoUploadsLimit: 1000 } }).quota.limits).toEqual({ video_uploads: 1000 });
	});

	it('takes other rules and limits', () => {
		const rules = { quotaProfile: 'january-2025', safePercent: 50, videosPerAccount: 2, cooldownUntil: 'pacificMidnight', cooldownHours: 1, failureLimit: 5, generalLimit: 50_000, requestsPerMinute: 30 };
		expect(testPool({ rules }).quota).toEqual({
			profile: 'january-2025', limits: { general: 50_000 }, safeShare: 0.5, videosPerAccount: 2, cooldownUntil: 'pacificMidnight', cooldownHours: 1, failureLimit: 5,
			requestsPerMinute: 30,
		});
	});

	it('takes number fields that were cleared as not given', () => {
		expect(testPool({ rules: { safePercent: '', videosPerAccount: null, generalLimit: 0 } }).quota).toMatchObject({
			safeShare: 0.9, videosPerAccount: 5, limits: {},
		});
	});

	it('names every field that is not right, and shows no value', () => {
		const data = poolCredential({ active: 2, reserve: 0 }) as { accounts: { account: Array<Record<string, string>> } };
		Object.assign(data.accounts.account[0]!, { refreshToken: ' ', role: 'boss' });
		expect(issuesOf({ ...data, baseUrl: 'file:///etc/passwd' })).toEqual([
			{ field: 'Accounts, row 1, role', reason: 'active or reserve' },
			{ field: 'Accounts, row 1, refreshToken', reason: 'must be filled in' },
			{ field: 'baseUrl', reason: 'an http or https address' },
		]);
		expect(issuesOf({ accounts: {} })).toHaveLength(1);
	});

	it('refuses an account or a channel that stands twice', () => {
		const data = poolCredential({ active: 2, reserve: 0 }) as { accounts: { account: Array<Record<string, string>> } };
		data.accounts.account[1]!.channelId = data.accounts.account[0]!.channelId!;
		expect(issuesOf(data)).toEqual([{ field: 'Accounts, row 2, channelId', reason: 'stands twice in the list' }]);
	});

	it('takes two clients of one Google project for one quota', () => {
		expect(projectOf('123456789012-abc.apps.googleusercontent.com')).toBe('123456789012');
		expect(projectOf('123456789012-xyz.apps.googleusercontent.com')).toBe('123456789012');
		expect(projectOf('my-client.apps.googleusercontent.com')).toBe('my-client.apps.googleusercontent.com');
	});
});
