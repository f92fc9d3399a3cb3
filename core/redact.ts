/** Takes secrets out of text before it reaches an error, a log or an item. */

const HIDDEN = '[hidden]';

const SECRET_NAME =
	'(?:[a-z0-9]+[-_])*(?:api[-_]?key|key|token|secret|password|passwd|authorization|signature|credential)';

const PATTERNS: ReadonlyArray<[RegExp, string]> = [
	// Authorization: Bearer xyz, Basic xyz, ApiKey xyz
	[/\b(bearer|basic|apikey)\s+[\w.~+/=-]{6,}/gi, `$1 ${HIDDEN}`],
	// https://user:password@host
	[/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]+@/gi, `$1${HIDDEN}@`],
	// ?key=xyz, &access_token=xyz
	[new RegExp(`([?&]${SECRET_NAME}=)[^&#\\s"']+`, 'gi'), `$1${HIDDEN}`],
	// "client_secret": "xyz", xi-api-key: xyz, password = 'xyz'
	[
		new RegExp(`(["']?\\b${SECRET_NAME}["']?\\s*[:=]\\s*)("[^"]*"|'[^']*'|[^\\s,;&"'}\\]]{6,})`, 'gi'),
		`$1${HIDDEN}`,
	],
	// Keys that name themselves: OpenAI and ElevenLabs, Stripe, SendGrid, Google, GitHub, Slack
	[/\b(?:sk|pk|rk|whsec)[-_][\w-]{6,}(?:\*+\w+)?/g, HIDDEN],
	[/\bSG\.[\w-]{8,}(?:\.[\w-]+)?/g, HIDDEN],
	[/\b(?:AIza[\w-]{20,}|ya29\.[\w.-]+|1\/\/[\w-]{20,}|GOCSPX-[\w-]+)/g, HIDDEN],
	[/\b(?:gh[opsu]_\w{20,}|xox[abprs]-[\w-]{10,})/g, HIDDEN],
	// JSON web tokens
	[/\beyJ[\w-]{6,}\.[\w-]+\.[\w-]*/g, HIDDEN],
];

/** A shorter value would blot out ordinary words. */
const SHORTEST_SECRET = 6;

/**
 * The text without keys, tokens, passwords and signed query values.
 * @param secrets values known to be secret, hidden wherever they stand
 */
export function redact(text: string, secrets: readonly string[] = []): string {
	let result = text;
	for (const secret of secrets) {
		if (secret.length >= SHORTEST_SECRET) result = result.replaceAll(secret, HIDDEN);
	}
	for (const [pattern, replacement] of PATTERNS) result = result.replace(pattern, replacement);
	return result;
}

/** A service's words, safe to show: one line, redacted, at most `limit` characters. */
export function excerpt(text: string, secrets: readonly string[] = [], limit = 300): string {
	// Cut before the patterns run: a hostile body may be megabytes of anything
	const line = redact(text.slice(0, limit * 8), secrets)
		// eslint-disable-next-line no-control-regex -- control characters are what is removed
		.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
		.replace(/\s+/g, ' ')
		.trim();
	return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}
