/** Scripts with a fault each, on both sides of every line; likeness against what the store has kept. */
import { describe, expect, it } from 'vitest';

import type { Script, ScriptReview } from '../../../core/documents';
import { runStage } from '../../../core/jobs/stage';
import { lastScripts, likeness, narrationOf } from '../../../core/quality/likeness';
import { readingEase } from '../../../core/quality/reading-ease';
import { checkScript, type ScriptCheckInput } from '../../../core/quality/script-check';
import { SCRIPT_GATES } from '../../../core/quality/script-table';
import { queuedJob } from '../../support/job';
import { temporaryStore } from '../../support/store';

const PARTS: Array<[section: string, narration: string]> = [
	['hook', 'Under one quiet lake in Italy, the ground has risen two metres in ten years.'],
	['introduction', 'Something hot is pushing from below. We will follow it from the deep rock to the open sky, and see who lives on its roof.'],
	['point_1', 'Rock melts far down, where it is hot enough to glow. The melt is light, so it climbs through every crack that it can find.'],
	['point_2', 'Gas comes with it. Open a shaken bottle and the foam pushes the water out; a mountain does the same with glowing stone.'],
	['call_to_action', 'If you want to know what happens next to that lake, follow this channel.'],
	['point_3', 'People build there because ash makes good soil. Grapes and lemons grow on old lava, and harbours fill the broken rings.'],
	['conclusion', 'So the ground breathes, and the town listens. One day it may stop rising, or it may not wait for us at all.'],
];

const scriptOf = (parts = PARTS, language = 'en'): Script => ({
	title: 'The lake that rises',
	description: '',
	tags: [],
	language,
	scenes: parts.map(([section, narration], index) => ({ id: `scene-${index + 1}`, section, narration, visual_query: 'lake', on_screen_text: '' })),
});

const check = async (script: Script, more: Partial<ScriptCheckInput> = {}) => await Promise.resolve(checkScript({ script, durationS: 62, ...more }));

const gateOf = ({ gates }: Awaited<ReturnType<typeof check>>, name: keyof typeof SCRIPT_GATES) => gates.find((gate) => gate.name === name);

const changed = (index: number, narration: string): Script => {
	const script = scriptOf();
	return { ...script, scenes: script.scenes.map((scene, at) => (at === index ? { ...scene, narration } : scene)) };
};

const review = (score: number): ScriptReview => ({
	score, criteria: [{ name: 'hook', score, weight: 1, reason: 'because' }], reasons: [], writer: '', provider: 'p', model: 'm', tried: [], warnings: [], costs: [],
});

/** A text that has about this share of the script's runs of three words, and none beside. */
function sharing(share: number): string {
	const all = narrationOf(scriptOf()).split(/\s+/);
	return all.slice(0, Math.round(all.length * share) + 2).join(' ');
}

/** So many words of the hook again. */
function repeating(words: number): string {
	return `${(PARTS[0]?.[1] ?? '').split(' ').slice(0, words).join(' ')}.`;
}

/** Sentences of eight words, so many of them of two syllables: the line lies at 13.1 syllables. */
function readingAs(long: number): Script {
	const sentence = `The ${'water '.repeat(long)}${'rock '.repeat(7 - long)}`;
	return scriptOf(PARTS.map(([section]) => [section, `${sentence.trim()}.`]));
}

describe('a script', () => {
	it('without a fault is not accused, by any gate', async () => {
		const result = await check(scriptOf(), { earlier: [{ videoId: 'old', text: 'Bees dance to tell where the flowers are.' }], review: review(0.9) });
		expect(result).toMatchObject({ score: 1, passed: true, reasons: [], blame: [] });
		expect(result.gates.map(({ name }) => name)).toEqual(Object.keys(SCRIPT_GATES));
	});

	it.each<[string, keyof typeof SCRIPT_GATES, Script, string]>([
		['that begins with a greeting', 'hook', changed(0, 'Hello and welcome to this channel.'), 'Hello and welcome to this channel.'],
		['whose first sentence is endless', 'hook', changed(0, `${'Very long and '.repeat(12)}slow is this first sentence.`), 'Very long'],
		['that stops in the middle', 'structure', changed(6, 'So the ground breathes and'), 'not ended'],
		['with a scene that says nothing', 'structure', changed(3, ' '), 'scene-4'],
		['that repeats itself', 'repeated_phrases', changed(5, 'Rock melts far down, where it is hot enough to glow.'), 'rock melts far down where'],
		['with a claim that is forbidden', 'forbidden_claims', changed(2, 'This lake gives guaranteed returns, to everyone.'), 'guaranteed returns'],
		['that nobody understands at once', 'reading_ease', scriptOf(PARTS.map(([section]) => [section, 'Geophysical investigations unequivocally demonstrate considerable subterranean hydrothermal accumulation.'])), 'Geophysical'],
	])('%s is found out', async (_fault, name, script, place) => {
		const gate = gateOf(await check(script), name);
		expect(gate?.verdict).not.toBe('pass');
		expect(gate?.where.join()).toContain(place);
	});

	it('may miss its length by 15 %, and by more it fails', async () => {
		const seconds = Number(gateOf(await check(scriptOf()), 'length')?.measured);
		expect(gateOf(await check(scriptOf(), { durationS: seconds / 1.14 }), 'length')?.verdict).toBe('pass');
		expect(gateOf(await check(scriptOf(), { durationS: seconds / 1.16 }), 'length')?.verdict).toBe('warn');
		expect(gateOf(await check(scriptOf(), { durationS: seconds / 1.3 }), 'length')?.verdict).toBe('fail');
	});

	it('with a forbidden claim never passes; a list of one\'s own takes the place of ours', async () => {
		const script = changed(2, 'This lake gives guaranteed returns, to everyone.');
		expect(await check(script, { threshold: 0.1 })).toMatchObject({ passed: false, blame: ['script'] });
		expect(gateOf(await check(script, { forbidden: ['quiet lake'] }), 'forbidden_claims')?.where).toEqual(['quiet lake']);
		expect(gateOf(await check(script, { forbidden: ['guaranteed return'] }), 'forbidden_claims')?.verdict).toBe('pass');
	});

	it.each([
		['zh', '这个方法稳赚不赔的，每个人都知道。', '稳赚不赔', '稳定赚钱'],
		['ja', 'この方法なら必ず儲かるので安心です。', '必ず儲かる', '必ず負ける'],
		['th', 'วิธีนี้รับประกันกำไรแน่นอน', 'รับประกันกำไร', 'รับประกันกำแพง'],
		['hi', 'यह तरीका पक्की कमाई देता है।', 'पक्की कमाई', 'पक्का कमाई'],
		['ko', '이 방법은 확실한 수익 입니다.', '확실한 수익', '확실한 손실'],
	])('in the language %s is searched for claims as it writes words', async (language, narration, claim, other) => {
		const script = { ...changed(2, narration), language };
		expect(gateOf(await check(script, { forbidden: [claim, other] }), 'forbidden_claims')).toMatchObject({ verdict: 'fail', where: [claim] });
	});

	it.each<[string, (script: Script) => Script]>([
		['on screen', (script) => ({ ...script, scenes: script.scenes.map((scene, index) => ({ ...scene, on_screen_text: index === 1 ? 'Guaranteed returns!' : '' })) })],
		['in a tag', (script) => ({ ...script, tags: ['lake', 'Guaranteed Returns'] })],
		['in the title', (script) => ({ ...script, title: 'Guaranteed returns' })],
		['in the description', (script) => ({ ...script, description: 'It has guaranteed returns.' })],
	])('is searched for claims that stand %s', async (_place, change) => {
		expect(gateOf(await check(change(scriptOf())), 'forbidden_claims')?.where).toEqual(['guaranteed returns']);
	});

	it.each<[keyof typeof SCRIPT_GATES, Partial<ScriptCheckInput>, Partial<ScriptCheckInput>]>([
		// words of the first sentence: 20, and 21
		['hook', { script: changed(0, `${'Word '.repeat(19)}ends. And on it goes.`) }, { script: changed(0, `${'Word '.repeat(20)}ends. And on it goes.`) }],
		['rubric', { review: review(0.7) }, { review: review(0.69) }],
		['likeness', { earlier: [{ videoId: 'old', text: sharing(0.24) }] }, { earlier: [{ videoId: 'old', text: sharing(0.27) }] }],
		['repeated_phrases', { script: changed(5, `${PARTS[5]?.[1]} ${repeating(4)}`) }, { script: changed(5, `${PARTS[5]?.[1]} ${repeating(5)}`) }],
		['reading_ease', { script: readingAs(5) }, { script: readingAs(6) }],
		['structure', {}, { script: changed(3, ' ') }],
	])('passes %s just inside its line and not just outside', async (name, inside, outside) => {
		const verdict = async (own: Partial<ScriptCheckInput>) => gateOf(await check(scriptOf(), own), name)?.verdict;
		expect(await verdict(inside)).toBe('pass');
		expect(await verdict(outside)).not.toBe('pass');
	});

	it('that is nearly an earlier one never passes, and the earlier one is named', async () => {
		const earlier = [{ videoId: 'other', text: 'Bees dance.' }, { videoId: 'twin', text: narrationOf(changed(3, 'Gas comes with it, too.')) }];
		const result = await check(scriptOf(), { earlier });
		expect(result.passed).toBe(false);
		expect(gateOf(result, 'likeness')).toMatchObject({ verdict: 'fail', where: ['twin'] });
	});

	it('is judged by the rubric too when there is somebody to judge', async () => {
		const result = await check(scriptOf(), { review: review(0.4) });
		expect(gateOf(result, 'rubric')).toMatchObject({ verdict: 'fail', where: ['hook'] });
		expect(gateOf(await check(scriptOf()), 'rubric')).toBeUndefined();
	});

	it('has weights that add up to 1', () => {
		expect(Object.values(SCRIPT_GATES).reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 10);
	});
});

describe('reading ease', () => {
	it('orders plain and learned language alike in every language with a formula, and is left out elsewhere', () => {
		const texts: Array<[string, string, string]> = [
			['en', 'The cat sat on the mat. It was warm.', 'Institutional considerations necessitate comprehensive deliberation.'],
			['de', 'Die Katze lag auf dem Dach. Es war warm.', 'Institutionelle Rahmenbedingungen erfordern umfassende Auseinandersetzungen.'],
			['es', 'El gato come pan. Hace sol.', 'Las consideraciones institucionales requieren deliberaciones extraordinariamente exhaustivas.'],
			['fr', 'Le chat dort. Il fait beau.', 'Les considérations institutionnelles nécessitent des délibérations extraordinaires.'],
			['it', 'Il gatto dorme. Fa caldo.', 'Le considerazioni istituzionali richiedono deliberazioni straordinariamente approfondite.'],
			['nl', 'De kat ligt op het dak. Het is warm.', 'Institutionele overwegingen noodzaken uitgebreide beraadslagingen.'],
			['pt', 'O gato dorme. Faz sol.', 'As considerações institucionais requerem deliberações extraordinariamente abrangentes.'],
			['ru', 'Кот спит. Тут тепло.', 'Институциональные обстоятельства обусловливают необходимость всестороннего рассмотрения.'],
		];
		for (const [language, easy, hard] of texts) {
			expect(readingEase(easy, language)).toBeGreaterThan(60);
			expect(readingEase(hard, language)).toBeLessThan(30);
		}
		expect(readingEase('猫は屋根の上にいる。', 'ja')).toBeUndefined();
	});
});

describe('likeness', () => {
	it('is 1 for the same words, 0 for others, and grows with what both share', () => {
		const text = narrationOf(scriptOf());
		expect(likeness(text, text.toUpperCase(), 'en')).toBe(1);
		expect(likeness(text, 'Bees dance to tell where flowers are.', 'en')).toBe(0);
		expect(likeness('one two three four', 'one two three five', 'en')).toBeCloseTo(1 / 3);
	});

	it('looks at the last finished scripts of the same channel, and at no others', async () => {
		const store = await temporaryStore();
		const made = async (video_id: string, channel_id: string, status: 'published' | undefined) => {
			await queuedJob(store, { video_id, channel_id });
			await runStage({
				store, videoId: video_id, stage: 'script', input: video_id, holder: 'test', statusAfter: () => status,
				work: async () => await Promise.resolve({ script: changed(0, `This is ${video_id}.`) }),
			});
			store.clock.pass(1000);
		};
		await made('first', 'UC1', 'published');
		await made('second', 'UC1', 'published');
		await made('other', 'UC2', 'published');
		await made('unfinished', 'UC1', undefined);
		await made('own', 'UC1', 'published');
		const ids = async (count: number) => (await lastScripts(store, { channelId: 'UC1', videoId: 'own', count })).map(({ videoId }) => videoId);
		expect(await ids(10)).toEqual(['second', 'first']);
		expect(await ids(1)).toEqual(['second']);
	});
});
