/** Text as it may stand in SSML, which is XML 1.0. */

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** What XML has no place for, not even escaped. */
// eslint-disable-next-line no-control-regex -- control characters are what is removed
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;

/** Without it. */
export function xmlText(text: string): string {
	return text.replace(NOT_XML, '');
}

export function escapeSsml(text: string): string {
	return xmlText(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
}
