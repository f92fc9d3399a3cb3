/** Chapters as YouTube takes them: the first at 0:00, at least three, none shorter than ten seconds. */
import type { Chapter, Script, SpokenScene } from '../../documents';
import { cleanText, cutAtWord, SCENE_PAUSE_S, spokenSeconds, wordCount } from '../../text';

/** Source: support.google.com/youtube/answer/9884579, read 2026-11. */
export const CHAPTER_LIMITS = {
	fewest: 3,
	/** Seconds. */
	shortest: 10,
} as const;

const LONGEST_TITLE = 60;

export interface SceneTimes {
	/** Seconds at which each scene begins, in the script's order. */
	starts: number[];
	/** Seconds of the whole. */
	end: number;
}

/** As spoken; as estimated at 150 words a minute where a scene has not been spoken. */
export function sceneTimes(script: Script, spoken: readonly SpokenScene[] = []): SceneTimes {
	const byId = new Map(spoken.map((scene) => [scene.scene_id, scene]));
	let end = 0;
	const starts = script.scenes.map(({ id, narration }, index) => {
		const known = byId.get(id);
		const start = known?.start_s ?? end + (index > 0 ? SCENE_PAUSE_S : 0);
		end = known?.end_s ?? start + spokenSeconds(wordCount(narration, script.language));
		return start;
	});
	return { starts, end };
}

/** Whether three chapters can be had at all. */
export function hasRoomForChapters({ end }: SceneTimes): boolean {
	return end >= CHAPTER_LIMITS.fewest * CHAPTER_LIMITS.shortest;
}

/** A chapter as a model names it. */
export interface NamedChapter {
	/** Number of its first scene, from 1. */
	scene: number;
	title: string;
}

/** The chapters that keep to YouTube's rules; those that are too short join the one before. Empty when fewer than three are left. */
export function fitChapters(named: readonly NamedChapter[], { starts, end }: SceneTimes): Chapter[] {
	const ordered = [...named].sort((a, b) => a.scene - b.scene);
	const fitted: Chapter[] = [];
	for (const { scene, title: written } of ordered) {
		const title = titleOf(written);
		const start = fitted.length === 0 ? 0 : Math.floor(starts[scene - 1] ?? NaN);
		const before = fitted.at(-1)?.start_s ?? -CHAPTER_LIMITS.shortest;
		if (!title || !(start - before >= CHAPTER_LIMITS.shortest)) continue;
		if (Math.floor(end) - start >= CHAPTER_LIMITS.shortest) fitted.push({ start_s: start, title });
	}
	return fitted.length >= CHAPTER_LIMITS.fewest ? fitted : [];
}

/** One line each, e.g. `1:05 How it works`; hours where the video has them. */
export function chapterLines(chapters: readonly Chapter[]): string {
	return chapters.map(({ start_s: start, title }) => `${timestamp(start)} ${title}`).join('\n');
}

/** Times in a title would be read as another chapter's. */
function titleOf(written: string): string {
	return cutAtWord(cleanText(written.replace(/[<>]/g, '').replace(/(\d{1,2}:)?\d{1,2}:\d{2}/g, ' ')), LONGEST_TITLE);
}

function timestamp(seconds: number): string {
	const two = (value: number) => String(value).padStart(2, '0');
	const hours = Math.floor(seconds / 3600);
	const minutes = Math.floor(seconds / 60) % 60;
	return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
