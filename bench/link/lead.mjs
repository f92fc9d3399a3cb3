/**
 * Loaded first in n8n: connections to Google's names go to YTEMPIRE_BENCH_PORT of this machine, whoever opens
 * them. Nothing else is changed: TLS still checks the name, against the certificate that was made for the run.
 */
import { Socket } from 'node:net';

const { connect } = Socket.prototype;

/** @this {Socket} */
Socket.prototype.connect = function (/** @type {any[]} */ ...args) {
	// net.connect hands its arguments on as one list, tls.connect as they are
	const list = Array.isArray(args[0]) ? args[0] : args;
	const { host, port } = list[0] ?? {};
	if (String(port) === '443' && /\.googleapis\.com$/.test(host)) {
		list[0] = { ...list[0], host: '127.0.0.1', port: Number(process.env.YTEMPIRE_BENCH_PORT) };
	}
	return connect.apply(this, /** @type {any} */ (args));
};
