/** A topic as a writer needs it: a phrase that fits behind "about", a heading, words to search pictures with. */

export type TopicKind = 'practice' | 'explanation';

export interface Topic {
	/** Fits behind "about": `brewing better coffee at home`, `the history of Rome`. */
	about: string;
	/** With capitals, without a full stop: `How to Brew Better Coffee at Home`. */
	heading: string;
	/** Content words in order, lower case, none twice. */
	keywords: string[];
	kind: TopicKind;
	/** 5 in "5 habits of productive people". */
	count?: number;
}

const LONGEST = 120;

const FUNCTION_WORDS = new Set(
	('a an and are as at be but by can could did do does every for from had has have how i if in into is it its my no not of off on ' +
		'one or our out over should so some than that the their them then there these they this those to two up us was we were ' +
		'what when where which who why will with without would you your about after all also before between during most more').split(' '),
);

/** Words that say little in a search for pictures. */
const PALE_WORDS = new Set(
	'best better good great new easy simple top perfect highly really things thing ways way tips tip habits habit reasons reason facts guide beginners beginner explained introduction complete ultimate quick start started using use make making get getting'.split(' '),
);

const NUMBER_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

const COMMANDS = new Set(
	('build learn make create start get grow cook bake use stop improve boost find write save earn lose plan train brew fix paint draw ' +
		'design teach understand master choose clean organize organise prepare repair reduce avoid').split(' '),
);

/** Small in a heading, save at its beginning. */
const MINOR_WORDS = new Set('a an and as at but by for from in into of off on or over the to up vs with without'.split(' '));

const EXPLAINING =
	/^(why|what|when|where|who|how (?!to\b)|is|are|does|do|did|can)\b|\b(history|story|science|future|origins?|meaning|truth|myths?|explained|biology|physics|evolution|rise|fall)\b/i;

const DOUBLED_VERBS = new Set(['begin', 'forget', 'admit', 'commit', 'permit', 'refer', 'prefer', 'submit', 'control']);

/** `brew` → `brewing`, `make` → `making`, `run` → `running`, `lie` → `lying`. */
export function gerund(verb: string): string {
	const word = verb.toLowerCase();
	if (/ie$/.test(word)) return `${word.slice(0, -2)}ying`;
	if (/[^eoy]e$/.test(word) && word !== 'be') return `${word.slice(0, -1)}ing`;
	if (DOUBLED_VERBS.has(word) || /^[^aeiou]*[aeiou][^aeiouwxy]$/.test(word)) return `${word}${word.at(-1)}ing`;
	return `${word}ing`;
}

/** What is left is harmless text of one line: no control characters, markup, quotes or cues. */
function clean(text: string): string {
	const line = text
		.normalize('NFC')
		.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
		.replace(/[<>{}[\]"“”„«»\\]/g, ' ')
		.replace(/\s+/g, ' ')
		.trim()
		.replace(/[\s.!,;:]+$/, '');
	const letters = [...line];
	if (letters.length <= LONGEST) return line;
	const cut = letters.slice(0, LONGEST).join('');
	return cut.includes(' ') ? cut.slice(0, cut.lastIndexOf(' ')) : cut;
}

/** A capital at the beginning goes when it is the only one and so tells nothing of a name. */
function inSentence(text: string): string {
	const [first = '', ...rest] = text.split(' ');
	const single = /^[A-Z][a-z']*$/.test(first) && !rest.some((word) => /[A-Z]/.test(word));
	const known = FUNCTION_WORDS.has(first.toLowerCase());
	return known || (single && rest.length > 0) ? [first.toLowerCase(), ...rest].join(' ') : text;
}

function heading(text: string): string {
	return text
		.split(' ')
		.map((word, index) =>
			index > 0 && MINOR_WORDS.has(word.toLowerCase()) ? word : word.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase()),
		)
		.join(' ');
}

function phrase(text: string): string {
	if (text.endsWith('?')) return `the question "${text.slice(0, -1).trim()}"`;
	const howTo = /^how to (\p{L}+)(.*)$/iu.exec(text);
	if (howTo) return `${gerund(howTo[1] ?? '')}${howTo[2] ?? ''}`;
	const [first = '', ...rest] = text.split(' ');
	const spelled = /^\d+$/.test(first) ? NUMBER_WORDS[Number(first)] : undefined;
	if (spelled !== undefined && rest.length > 0) return inSentence([spelled, ...rest].join(' '));
	if (COMMANDS.has(first.toLowerCase()) && rest.length > 0) return [gerund(first), ...rest].join(' ');
	return inSentence(text);
}

export function readTopic(raw: string): Topic {
	const text = clean(raw) || 'an interesting idea';
	const words = text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? [];
	const content = [...new Set(words.filter((word) => !FUNCTION_WORDS.has(word)))];
	const vivid = content.filter((word) => !PALE_WORDS.has(word) && !/^\d+$/.test(word) && !NUMBER_WORDS.includes(word));
	const first = words[0] ?? '';
	const count = /^\d+$/.test(first) ? Number(first) : NUMBER_WORDS.indexOf(first);
	return {
		about: phrase(text),
		heading: heading(text),
		keywords: vivid.length > 0 ? vivid : content.length > 0 ? content : ['idea'],
		kind: EXPLAINING.test(text) ? 'explanation' : 'practice',
		...(count >= 3 && count <= 7 ? { count } : {}),
	};
}
