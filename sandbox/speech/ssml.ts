/** A strict reader of SSML, which is XML: what isn't well-formed is refused, as the services do. */

export interface Element {
	name: string;
	attributes: Record<string, string>;
	children: Array<Element | string>;
}

export class SsmlError extends Error {}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** What XML 1.0 has no place for. */
// eslint-disable-next-line no-control-regex -- control characters are what is refused
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

const TOKEN = /<\?[^?]*\?>|<!--[\s\S]*?-->|<(\/?)([A-Za-z_][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;

const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** @throws SsmlError telling what is wrong */
export function parseSsml(ssml: string): Element {
	if (NOT_XML.test(ssml)) throw new SsmlError('hexadecimal value is an invalid character');
	const root: Element = { name: '', attributes: {}, children: [] };
	const open: Element[] = [root];
	TOKEN.lastIndex = 0;
	while (TOKEN.lastIndex < ssml.length) {
		const at = TOKEN.lastIndex;
		const token = TOKEN.exec(ssml);
		if (!token) throw new SsmlError(`'<' is an unexpected token at position ${at + 1}`);
		const [, closing, name, attributes = '', selfClosing, text] = token;
		const parent = open.at(-1) ?? root;
		if (text !== undefined) {
			if (open.length === 1 && text.trim() !== '') throw new SsmlError('Data at the root level is invalid');
			if (open.length > 1) parent.children.push(decode(text));
		} else if (name !== undefined && closing) {
			if (open.length === 1 || parent.name !== name) throw new SsmlError(`The end tag '${name}' does not match its start tag`);
			open.pop();
		} else if (name !== undefined) {
			if (open.length === 1 && root.children.length > 0) throw new SsmlError('There are multiple root elements');
			const element: Element = { name, attributes: attributesOf(attributes), children: [] };
			parent.children.push(element);
			if (!selfClosing) open.push(element);
		}
	}
	const [document] = root.children;
	if (open.length > 1) throw new SsmlError(`The element '${open.at(-1)?.name}' is not closed`);
	if (typeof document !== 'object') throw new SsmlError('Root element is missing');
	return document;
}

function attributesOf(text: string): Record<string, string> {
	const attributes: Record<string, string> = {};
	for (const [, name = '', quoted, apostrophed = ''] of text.matchAll(ATTRIBUTE)) {
		if (Object.hasOwn(attributes, name)) throw new SsmlError(`'${name}' is a duplicate attribute name`);
		attributes[name] = decode(quoted ?? apostrophed);
	}
	return attributes;
}

function decode(text: string): string {
	return text.replace(/&(?:(\w+)|#(\d+)|#x([\da-fA-F]+));|&/g, (all, name?: string, decimal?: string, hex?: string) => {
		if (name !== undefined && Object.hasOwn(NAMED, name)) return NAMED[name] ?? '';
		const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
		if (name !== undefined || !(code > 0 && code <= 0x10ffff)) throw new SsmlError(`'${all}' is an unknown entity`);
		return String.fromCodePoint(code);
	});
}

/** The text in it, without its elements. */
export function textIn(element: Element): string {
	return element.children.map((child) => (typeof child === 'string' ? child : textIn(child))).join('');
}
