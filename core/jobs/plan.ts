/** Spreads videos over days, hours and channels: each gets its channel and the time at which it becomes public. */
import { invalidRequest, type FieldIssue } from '../errors';
import { DateTime } from '../vendor/luxon';
import { momentOf } from '../youtube/moment';

export interface PublicationPlan {
	/** `yyyy-mm-dd` on the clock of `zone`. */
	firstDate: string;
	/** Of one channel. Default: one for each hour. */
	perDay?: number;
	/** e.g. `18:00`. */
	hours: readonly string[];
	/** In turn; empty: the pool chooses, and all videos count as one channel's. */
	channels?: readonly string[];
	/** e.g. `Europe/Berlin`. */
	zone: string;
}

/** What is planned of a request; what it says itself stays as it is. */
export interface Planned {
	channel_id?: string;
	/** ISO 8601 in UTC. */
	publish_at?: string;
}

/** A video that is to be public in a few minutes may not be made by then. */
const LEAST_AHEAD_MS = 3_600_000;

/** Days that are looked through. */
const LONGEST_PLAN = 731;

/**
 * In the order of the list: the earliest free time, the channels in turn at each. What a video names itself (channel or
 * time) is kept, and its time is then no other's. Times that have passed, or that come within the hour, are left out.
 * @throws YtempireError `invalid-request` for a plan that can't be read, or that has no room within two years
 */
export function planPublication<T extends Planned>(videos: readonly T[], plan: PublicationPlan, now: number): T[] {
	const { first, hours, perDay } = checked(plan);
	const channels: readonly string[] = plan.channels && plan.channels.length > 0 ? plan.channels : [''];
	const taken = new Set(videos.flatMap(({ channel_id: channel = '', publish_at: at }) => (at ? [slotName(channel, momentOf(at) ?? 0)] : [])));
	const slots = slotsOf(first, hours.slice(0, perDay), channels, now + LEAST_AHEAD_MS).filter(({ channel, at }) => !taken.has(slotName(channel, at)));
	return videos.map((video) => {
		if (video.publish_at) return video;
		const index = slots.findIndex(({ channel }) => channel === '' || !video.channel_id || channel === video.channel_id);
		const [slot] = index === -1 ? [] : slots.splice(index, 1);
		if (!slot) throw noRoom(video.channel_id);
		return {
			...video,
			publish_at: new Date(slot.at).toISOString(),
			...(slot.channel || video.channel_id ? { channel_id: video.channel_id ?? slot.channel } : {}),
		};
	});
}

interface Slot {
	channel: string;
	at: number;
}

const slotName = (channel: string, at: number) => `${channel} ${at}`;

function slotsOf(first: DateTime, hours: readonly string[], channels: readonly string[], earliest: number): Slot[] {
	return Array.from({ length: LONGEST_PLAN }, (_, days) => first.plus({ days })).flatMap((day) =>
		hours.flatMap((text) => {
			const [hour = 0, minute = 0] = text.split(':').map(Number);
			// an hour that the clocks leave out comes an hour later
			const at = day.set({ hour, minute }).toMillis();
			return at < earliest ? [] : channels.map((channel) => ({ channel, at }));
		}),
	);
}

function checked({ firstDate, hours, perDay, zone }: PublicationPlan): { first: DateTime; hours: string[]; perDay: number } {
	const issues: FieldIssue[] = [];
	const first = DateTime.fromISO(firstDate, { zone });
	if (!/^\d{4}-\d\d-\d\d$/.test(firstDate) || !first.isValid) {
		issues.push({ field: 'firstDate', reason: 'a date such as 2027-01-31' });
	}
	const wrong = hours.filter((hour) => !/^([01]\d|2[0-3]):[0-5]\d$/.test(hour));
	if (hours.length === 0 || wrong.length > 0) issues.push({ field: 'hours', reason: 'times such as 18:00' });
	const distinct = [...new Set(hours)].sort();
	if (perDay !== undefined && !(perDay >= 1 && perDay <= distinct.length)) {
		issues.push({ field: 'perDay', reason: `from 1 to ${distinct.length}, as many as there are hours` });
	}
	if (issues.length === 0) return { first, hours: distinct, perDay: perDay ?? distinct.length };
	throw invalidRequest('The publications can not be planned like this', { cure: 'Correct the named fields and run it again.', issues });
}

function noRoom(channel: string | undefined): Error {
	return invalidRequest(`The plan has no room left${channel ? ` for channel ${channel}` : ''}`, {
		cure: 'Give it more hours a day or more channels; a channel that a video names must be one of the plan.',
		reason: 'plan-full',
	});
}
