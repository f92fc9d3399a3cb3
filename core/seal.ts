/** Encrypts what is a key in itself before it goes into the store: AES-256-GCM, the key by scrypt from a secret of the credential. */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

const VERSION = 'v1';
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const KEY_BYTES = 32;

const derive = promisify(scrypt) as (secret: string, salt: Buffer, bytes: number) => Promise<Buffer>;

/** @param about what the text belongs to; it opens for nothing else */
export async function seal(text: string, secret: string, about: string): Promise<string> {
	const salt = randomBytes(SALT_BYTES);
	const nonce = randomBytes(NONCE_BYTES);
	const cipher = createCipheriv('aes-256-gcm', await derive(secret, salt, KEY_BYTES), nonce);
	cipher.setAAD(Buffer.from(about));
	const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
	return [VERSION, ...[salt, nonce, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join('.');
}

/** The text; undefined when the secret is another one, or what was sealed was touched. */
export async function unseal(sealed: string, secret: string, about: string): Promise<string | undefined> {
	const [version, ...parts] = sealed.split('.');
	const [salt, nonce, tag, data] = parts.map((part) => Buffer.from(part, 'base64url'));
	if (version !== VERSION || !salt || !nonce || !tag || !data) return undefined;
	try {
		const key = await derive(secret, salt, KEY_BYTES);
		const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
		decipher.setAAD(Buffer.from(about));
		decipher.setAuthTag(tag);
		return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
	} catch {
		return undefined;
	}
}
