/** Loaded first in every process that demo and tests start: when the one that started it is gone, however it went, its whole process group ends. */
import { Socket } from 'node:net';

/** The end of a pipe whose other end only the starter holds. */
const STARTER = 3;

new Socket({ fd: STARTER, readable: true, writable: false })
	.on('error', end)
	.on('close', end)
	.resume()
	.unref();

function end() {
	process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL');
}
