/** What stands in a mail, and its two forms: HTML, and text for those who read that. */
import { cleanText, cutAtWord } from '../../text';
import { webLink } from '../html';

import { renderHtml } from './page';

export interface MailContent {
	/** One line. */
	subject: string;
	/** What the inbox shows beside the subject. */
	preview: string;
	/** The state in a word or two, on a ground of its colour. */
	badge: { label: string; tone: Tone };
	heading: string;
	paragraphs: string[];
	/** At most three, side by side and large. */
	figures: Array<{ label: string; value: string; note?: string }>;
	/** One below the other. */
	facts: Array<{ label: string; value: string }>;
	button?: { label: string; url: string };
	/** Small print. */
	footer: string;
}

export type Tone = 'good' | 'bad' | 'warning' | 'neutral';

export interface RenderedMail {
	subject: string;
	html: string;
	text: string;
}

/** A header holds at most 998 characters (RFC 5322 §2.1.1); inboxes show about 60. */
const SUBJECT_CHARACTERS = 150;

/** A service's reason may be a page long. */
const VALUE_CHARACTERS = 1000;

/** Longer ones would make the mail a wall. */
const PARAGRAPH_CHARACTERS = 10_000;

export function renderMail(given: MailContent): RenderedMail {
	const content = cleaned(given);
	return { subject: content.subject, html: renderHtml(content), text: renderText(content) };
}

/** Line breaks in a subject would be headers of their own; signs that turn text around hide what it says. */
export function oneLine(text: string, characters = VALUE_CHARACTERS): string {
	return cutAtWord(cleanText(text), characters);
}

function cleaned(content: MailContent): MailContent {
	const { button } = content;
	const url = button && webLink(button.url);
	return {
		subject: oneLine(content.subject, SUBJECT_CHARACTERS),
		preview: oneLine(content.preview, SUBJECT_CHARACTERS),
		badge: content.badge,
		heading: oneLine(content.heading),
		paragraphs: content.paragraphs.map((text) => cutAtWord(cleanText(text, { keepLines: true }), PARAGRAPH_CHARACTERS)),
		figures: content.figures,
		facts: content.facts.map(({ label, value }) => ({ label, value: oneLine(value) })),
		...(button && url ? { button: { label: button.label, url } } : {}),
		footer: content.footer,
	};
}

function renderText({ badge, heading, paragraphs, figures, facts, button, footer }: MailContent): string {
	const lines = [
		...figures.map(({ label, value, note }) => `${label}: ${value}${note ? ` (${note})` : ''}`),
		...facts.map(({ label, value }) => `${label}: ${value}`),
	];
	return [
		`[${badge.label}] ${heading}`,
		...paragraphs,
		lines.join('\n'),
		button ? `${button.label}: ${button.url}` : '',
		`-- \n${footer}`,
	]
		.filter(Boolean)
		.join('\n\n');
}
