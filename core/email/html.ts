/** Text from anywhere as text in HTML, and links that are only ever web links. */
import { cleanText } from '../text';

const ENTITIES: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** Without control characters and those that turn text around, which no mail needs. */
export function escapeHtml(text: string): string {
	return cleanText(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** The address when it is http or https, else undefined: `javascript:` and the like never become links. */
export function webLink(address: string): string | undefined {
	if (!URL.canParse(address)) return undefined;
	const { protocol, href } = new URL(address);
	return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}
