/** Takes a sound out of a JSON answer in place: as strings, the sounds of a long narration would fill the memory. */

/** By character code; 255 for what is no base64 digit. */
const DIGITS = new Uint8Array(256).fill(255);
for (const [value, digit] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
	DIGITS[digit.charCodeAt(0)] = value;
}

/**
 * @param json is written over
 * @param field holds base64
 * @returns the JSON with that field empty, and its bytes; no bytes when there is no such field, or it holds no string
 */
export function takeSound(json: Buffer, field: string): { rest: string; sound: Buffer } {
	const name = json.indexOf(`"${field}"`);
	const from = name < 0 ? -1 : valueAfter(json, name + field.length + 2);
	const until = from < 0 ? -1 : json.indexOf('"', from);
	if (until < 0) return { rest: json.toString('utf8'), sound: Buffer.alloc(0) };
	const rest = json.toString('utf8', 0, from) + json.toString('utf8', until);
	return { rest, sound: decodeInPlace(json.subarray(from, until)) };
}

/** Where the string begins that follows a colon; -1 when something else follows. */
function valueAfter(json: Buffer, at: number): number {
	const head = /^\s*:\s*"/.exec(json.toString('latin1', at, at + 64));
	return head ? at + head[0].length : -1;
}

/** Padding, and the backslash before a slash, are passed over. */
function decodeInPlace(bytes: Buffer): Buffer {
	let [bits, count, length] = [0, 0, 0];
	for (let index = 0; index < bytes.length; index++) {
		const value = DIGITS[bytes[index] ?? 0] ?? 255;
		if (value === 255) continue;
		bits = ((bits << 6) | value) & 0xffff;
		count += 6;
		if (count < 8) continue;
		count -= 8;
		bytes[length++] = (bits >> count) & 0xff;
	}
	return bytes.subarray(0, length);
}
