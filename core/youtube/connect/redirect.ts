/** Where Google sends the person back to, and where the command listens for it. */
import { invalidRequest } from '../../errors';

/** The owner's address. */
const DEFAULT_PATH = '/auth/youtube/callback';

const DEFAULT_PORT = 8000;

export interface Return {
	/** On 127.0.0.1. */
	port: number;
	/** As the OAuth client must name it. */
	uri: (port: number) => string;
	path: string;
}

/**
 * Google takes plain http only for the own machine. Any other address is https, and a proxy brings it to the port.
 * @throws YtempireError `invalid-request`
 */
export function returnAddress(options: { redirect?: string; port?: number } = {}): Return {
	const { redirect, port } = options;
	if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) throw bad('--port must be a number from 0 to 65535');
	if (redirect === undefined) {
		return { port: port ?? DEFAULT_PORT, path: DEFAULT_PATH, uri: (real) => `http://localhost:${real}${DEFAULT_PATH}` };
	}
	const url = URL.canParse(redirect) ? new URL(redirect) : undefined;
	const isLocal = url?.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname);
	if (!url || !(isLocal || url.protocol === 'https:') || url.username || url.password || url.search || url.hash) {
		throw bad('--redirect must be http://localhost:PORT/PATH, or an https address without a query');
	}
	if (url.pathname === '/' || url.pathname.startsWith('/connect/')) throw bad('--redirect needs a path of its own, e.g. /auth/youtube/callback');
	const own = isLocal ? Number(url.port || 80) : DEFAULT_PORT;
	return { port: port ?? own, path: url.pathname, uri: () => redirect };
}

function bad(message: string) {
	return invalidRequest(message, { cure: 'See `ytempire accounts connect --help`.', reason: 'redirect' });
}
