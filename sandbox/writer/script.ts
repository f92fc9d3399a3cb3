/** Writes a script about any topic, of any length from a few seconds to about a quarter of an hour. */
import type { Random } from '../random';
import { countWords, fill } from './budget';
import {
	BEATS,
	CALLS_TO_ACTION,
	CONCLUSIONS,
	FAREWELLS,
	GREETINGS,
	HOOKS,
	INTROS,
	REFLECTIONS,
	SHORT_HOOKS,
	type Style,
} from './frame-sentences';
import { caption, packaging, visualQuery } from './packaging';
import { choosePoints, type Point } from './points';
import { readTopic } from './topic';

const WORDS_PER_SECOND = 150 / 60;

/** One picture is not shown for longer: about 10 s. */
const WORDS_PER_SCENE = 24;

/** How far a section may miss its words before other sentences than its own are taken. */
const TOLERANCE = 4;

const ORDINALS = ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth', 'Seventh'];

export interface Brief {
	topic: string;
	style: Style;
	seconds: number;
}

export interface WrittenScene {
	/** `hook`, `introduction`, `point_1` to `point_5`, `call_to_action` or `conclusion`. */
	section: string;
	narration: string;
	visual_query: string;
	on_screen_text: string;
}

export interface WrittenScript {
	title: string;
	description: string;
	tags: string[];
	language: string;
	scenes: WrittenScene[];
}

interface Section {
	name: string;
	caption: string;
	visuals: string[];
	sentences: string[];
}

/** Gives each section its words; what one says too much or too little is made good by the next. */
class Narration {
	readonly sections: Section[] = [];

	private due = 0;

	private spoken = 0;

	private beats: string[];

	constructor(random: Random) {
		this.beats = random.shuffle(BEATS);
	}

	/**
	 * @param fixed said in any case, first
	 * @param pools further sentences; a later pool is opened only when those before it don't suffice
	 */
	add(section: Omit<Section, 'sentences'>, words: number, fixed: string[], pools: string[][], tolerance = TOLERANCE): string[] {
		this.due += words;
		const wanted = this.due - this.spoken - count(fixed);
		let more: string[] = [];
		for (let open = 1; open <= pools.length + 1; open += 1) {
			const own = pools.slice(0, open).flat();
			more = fill(open > pools.length ? [...own, ...this.beats] : own, wanted);
			if (Math.abs(count(more) - wanted) <= tolerance) break;
		}
		const fillers = more.filter((sentence) => this.beats.includes(sentence));
		this.beats = this.beats.filter((beat) => !fillers.includes(beat));
		const sentences = [...fixed, ...more.filter((sentence) => !fillers.includes(sentence))];
		fillers.forEach((beat, index) => sentences.splice(Math.min(sentences.length, 1 + index * 2), 0, beat));
		this.spoken += count(sentences);
		if (sentences.length > 0) this.sections.push({ ...section, sentences });
		return sentences;
	}
}

function count(sentences: string[]): number {
	return sentences.reduce((sum, sentence) => sum + countWords(sentence), 0);
}

/** Words for each part of a script of `words` words; what is left goes to the points. */
function plan(words: number, listed: number | undefined) {
	const hook = Math.min(14, Math.round(words * 0.3));
	const intro = words < 90 ? 0 : Math.min(32, Math.round(words * 0.16));
	const call = words < 130 ? 0 : Math.min(30, Math.round(words * 0.08));
	const close = words < 30 ? 0 : Math.min(36, Math.round(words * 0.15));
	const rest = words - hook - intro - call - close;
	const points = listed !== undefined && rest / listed >= 14 ? Math.max(listed, usualPoints(words, rest)) : usualPoints(words, rest);
	return { hook, intro, call, close, points, each: rest / points };
}

function usualPoints(words: number, rest: number): number {
	if (rest < 30) return 1;
	if (rest < 55) return 2;
	if (words < 300) return 3;
	if (words < 600) return 4;
	return words < 1000 ? 5 : Math.min(14, Math.ceil(words / 170));
}

export function writeScript(brief: Brief, random: Random): WrittenScript {
	const topic = readTopic(brief.topic);
	const target = Math.max(8, Math.round(brief.seconds * WORDS_PER_SECOND));
	const words = plan(target, topic.count);
	const points = choosePoints(topic.kind, words.points, random);
	const say = (sentence: string) => sentence.replaceAll('{about}', topic.about);
	const narration = new Narration(random);

	const hook = say(random.pick(target < 60 ? SHORT_HOOKS : HOOKS));
	narration.add({ name: 'hook', caption: caption(topic), visuals: ['close up', 'wide shot'] }, words.hook, [hook], [], 8);
	if (words.intro > 0) {
		const welcome = [random.pick(GREETINGS[brief.style]), say(INTROS[0] ?? '')];
		narration.add({ name: 'introduction', caption: '', visuals: ['background'] }, words.intro, welcome, [random.shuffle(INTROS.slice(1))]);
	}
	let reflections: string[] = [];
	points.forEach((point, index) => {
		if (reflections.length < 4) reflections = random.shuffle(REFLECTIONS);
		const own = reflections.map((sentence) => capital(sentence.replaceAll('{label}', point.label)));
		const said = narration.add(
			{ name: pointName(index, points.length), caption: points.length === 1 ? point.caption : `${index + 1}. ${point.caption}`, visuals: point.visuals },
			words.each,
			[lead(point, index, points.length)],
			[someInOrder(point.sentences, Math.round(words.each / 9), random), own],
			words.close === 0 && index === points.length - 1 ? 0 : TOLERANCE,
		);
		reflections = reflections.filter((_, place) => !said.includes(own[place] ?? ''));
		if (words.call > 0 && index === Math.floor((points.length - 1) / 2)) {
			const call = { name: 'call_to_action', caption: 'Subscribe', visuals: ['audience', 'smartphone in hand'] };
			narration.add(call, words.call, [], [random.shuffle(CALLS_TO_ACTION)]);
		}
	});
	if (words.close > 0) {
		narration.add({ name: 'conclusion', caption: '', visuals: ['sunset', 'smiling'] }, words.close, [], [[...random.shuffle(CONCLUSIONS).map(say), ...FAREWELLS]], 1);
	}

	const scenes = narration.sections.flatMap((section) =>
		split(section.sentences).map((part, index) => ({
			section: section.name,
			narration: part.join(' '),
			visual_query: visualQuery(topic, section.visuals[index % section.visuals.length] ?? '', random),
			on_screen_text: index === 0 ? section.caption : '',
		})),
	);
	return { ...packaging(topic, points, brief.style, random), language: 'en', scenes };
}

/** More than will be used, in their order, so that they still follow from each other. */
function someInOrder(sentences: string[], wanted: number, random: Random): string[] {
	const kept = new Set(random.shuffle(sentences).slice(0, Math.max(5, wanted)));
	return sentences.filter((sentence) => kept.has(sentence));
}

/** At most five have a name: further ones share theirs. */
function pointName(index: number, points: number): string {
	return `point_${1 + Math.floor((index * Math.min(5, points)) / points)}`;
}

function lead({ opening }: Point, index: number, points: number): string {
	if (points === 1) return capital(opening);
	if (index === points - 1 && index > 1) return `Finally, ${opening}`;
	return `${ORDINALS[index] ?? 'Next'}, ${opening}`;
}

/** Parts that one picture can carry. */
function split(sentences: string[]): string[][] {
	const parts: string[][] = [[]];
	for (const sentence of sentences) {
		const last = parts.at(-1) as string[];
		if (last.length > 0 && count([...last, sentence]) > WORDS_PER_SCENE) parts.push([sentence]);
		else last.push(sentence);
	}
	return parts;
}

function capital(text: string): string {
	return text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}
