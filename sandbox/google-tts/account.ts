/** Who may ask: an API key, or a service account that signs for itself (RFC 7523). */
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';

import { KEYS } from '../keys';
import { RefusedRequest, type Handler, type Reply, type SandboxRequest, type ServiceContext } from '../service';
import { errorBody } from './errors';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const LIFE_S = 3600;

let pem: string | undefined;

/** As the file that Google's console gives; its key lives as long as this process. */
export function serviceAccountKey(baseUrl: string) {
	pem ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
	return {
		type: 'service_account',
		project_id: 'sandbox',
		private_key: pem,
		client_email: 'voice@sandbox.iam.gserviceaccount.com',
		token_uri: `${baseUrl}/token`,
	};
}

export function authenticate(request: SandboxRequest, context: ServiceContext): Reply | undefined {
	const token = request.bearer();
	if (token !== undefined) {
		const until = context.table<number>('tokens').get(token) ?? 0;
		return until > context.clock.now() ? undefined : { status: 401, body: errorBody(401, 'ACCESS_TOKEN_EXPIRED') };
	}
	const key = request.header('x-goog-api-key') ?? request.query.get('key') ?? undefined;
	if (key === KEYS.googleTts.apiKey) return undefined;
	if (key !== undefined) return { status: 400, body: errorBody(400, 'API_KEY_INVALID') };
	const message =
		"Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.";
	return { status: 403, body: errorBody(403, undefined, message) };
}

/** POST /token */
export function token(context: ServiceContext): Handler {
	return async (request) => {
		const form = await request.form();
		const account = serviceAccountKey(context.baseUrl('google-tts'));
		const claims = form.get('grant_type') === GRANT ? claimsOf(form.get('assertion') ?? '', account.private_key) : undefined;
		const now = context.clock.now() / 1000;
		const fits =
			claims?.iss === account.client_email &&
			claims.aud === account.token_uri &&
			claims.scope === SCOPE &&
			Number(claims.exp) > now &&
			Number(claims.exp) <= Number(claims.iat) + LIFE_S;
		if (!fits) {
			const body = { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' };
			throw new RefusedRequest(400, 'invalid_grant', body.error_description, {}, body);
		}
		const accessToken = `sandbox-token-${randomBytes(12).toString('hex')}`;
		context.table<number>('tokens').set(accessToken, context.clock.now() + LIFE_S * 1000);
		return { status: 200, body: { access_token: accessToken, expires_in: LIFE_S, token_type: 'Bearer' } };
	};
}

/** Undefined for a token that this key hasn't signed. */
function claimsOf(assertion: string, privateKey: string): Record<string, unknown> | undefined {
	const [header = '', payload = '', signature = ''] = assertion.split('.');
	const publicKey = createPublicKey(createPrivateKey(privateKey));
	const signed = verify('RSA-SHA256', Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url'));
	return signed ? (JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>) : undefined;
}
