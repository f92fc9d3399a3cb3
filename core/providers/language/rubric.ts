/** By what a script is judged: criteria with their weights, each with examples for 0, 0.5 and 1 so that scores mean the same each time. */

export interface Criterion {
	/** Key in the answer. */
	name: string;
	/** All together make 1. */
	weight: number;
	question: string;
	anchors: readonly [none: string, half: string, full: string];
}

export const RUBRIC: readonly Criterion[] = [
	{
		name: 'hook',
		weight: 0.2,
		question: 'Do the first sentences make a stranger stay?',
		anchors: [
			'"Hello and welcome to this video about volcanoes."',
			'"Volcanoes are among the most powerful things on Earth."',
			'"Under one quiet lake in Italy, the ground has risen two metres in ten years. Why?"',
		],
	},
	{
		name: 'structure',
		weight: 0.2,
		question: 'Does each part lead to the next: promise, points, call to action, conclusion that keeps the promise?',
		anchors: [
			'facts in no order, and an end in mid-thought',
			'an order that can be followed, but points that could be swapped and a conclusion that only says goodbye',
			'each point answers what the one before left open, and the conclusion answers the hook',
		],
	},
	{
		name: 'substance',
		weight: 0.2,
		question: 'Is it concrete and true: examples, reasons, no invented figures?',
		anchors: [
			'"Many experts agree that this is very important."',
			'"Magma rises because it is lighter than rock", with nothing to picture it by',
			'"Open a shaken bottle and the gas pushes the water out; magma rises in the same way"',
		],
	},
	{
		name: 'clarity',
		weight: 0.2,
		question: 'Can it be understood when heard once?',
		anchors: [
			'sentences of forty words, terms without a meaning, numbers in a row',
			'understandable, with sentences that must be heard twice',
			'short sentences, one thought each, every term explained by a picture',
		],
	},
	{
		name: 'tone',
		weight: 0.1,
		question: 'Is it the asked style throughout?',
		anchors: ['it reads like an encyclopedia, or changes its voice', 'mostly in style', 'in style from the first word to the last'],
	},
	{
		name: 'pictures',
		weight: 0.1,
		question: 'Can each scene be shown with footage that a library has?',
		anchors: ['"the concept of justice"', '"a scientist"', '"lava flowing into the sea at night"'],
	},
];
