/** What stands around a script: title, description, tags, and the words to search its pictures with. */
import type { Random } from '../random';
import type { Style } from './frame-sentences';
import type { Point } from './points';
import type { Topic } from './topic';

/** Under YouTube's limit of 100. */
const LONGEST_TITLE = 90;

const MOST_QUERY_WORDS = 5;

const MOST_CAPTION_WORDS = 6;

export function packaging(topic: Topic, points: Point[], style: Style, random: Random) {
	return {
		title: title(topic, points.length, random),
		description: description(topic, points, style),
		tags: tags(topic),
	};
}

function title(topic: Topic, points: number, random: Random): string {
	const endings =
		topic.kind === 'practice'
			? ['What Really Matters', 'A Clear Guide', ...(topic.count === undefined && points > 1 ? [`${points} Steps That Work`] : [])]
			: ['Explained Simply', 'The Real Story', 'What We Really Know'];
	const ending = random.shuffle(endings).find((one) => topic.heading.length + one.length + 2 <= LONGEST_TITLE);
	if (ending === undefined) return shorten(topic.heading, LONGEST_TITLE);
	return /[?!]$/.test(topic.heading) ? `${topic.heading} ${ending}` : `${topic.heading}: ${ending}`;
}

function description(topic: Topic, points: Point[], style: Style): string {
	const article = /^[aeiou]/.test(style) ? 'An' : 'A';
	const hashtags = topic.keywords.map((word) => `#${word.replace(/[^\p{L}\p{N}]/gu, '')}`);
	return [
		`${article} ${style} look at what matters about ${topic.about}.`,
		`In this video:\n${points.map(({ caption }) => `• ${caption}`).join('\n')}`,
		'Tell us in the comments what you would like to see next.',
		hashtags.slice(0, 3).join(' '),
	].join('\n\n');
}

function tags({ keywords, kind }: Topic): string[] {
	const kindTags =
		kind === 'practice'
			? ['tutorial', 'tips', 'step by step', 'for beginners', 'good habits', 'learn something new']
			: ['explained', 'documentary', 'education', 'did you know', 'facts', 'learn something new'];
	return [...new Set([keywords.join(' '), ...pairs(keywords), ...keywords, ...kindTags])]
		.filter((tag) => tag.length <= 60)
		.slice(0, 12);
}

/** The topic's words with something that a camera could show. */
export function visualQuery({ keywords }: Topic, visual: string, random: Random): string {
	const choices = pairs(keywords).filter((pair) => pair.length < 24);
	const subject = random.pick(choices.length > 0 ? choices : keywords);
	return [...new Set([...subject.split(' '), ...visual.split(' ')])].slice(0, MOST_QUERY_WORDS).join(' ');
}

function pairs(words: string[]): string[] {
	return words.slice(1).map((word, index) => `${words[index]} ${word}`);
}

/** A heading as a few words for the screen. */
export function caption({ heading }: Topic): string {
	const words = heading.split(' ');
	const few = words.slice(0, MOST_CAPTION_WORDS).join(' ');
	return shorten(words.length > MOST_CAPTION_WORDS ? `${few}…` : few, 40);
}

function shorten(text: string, longest: number): string {
	if (text.length <= longest) return text;
	const cut = text.slice(0, longest - 1);
	return `${(cut.includes(' ') ? cut.slice(0, cut.lastIndexOf(' ')) : cut).replace(/[\s,;:-]+$/, '')}…`;
}
