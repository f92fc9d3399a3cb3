/** A stand-in of the unofficial Midjourney gateway novicezk/midjourney-proxy 2.6: tasks that are handed in and looked at, and their pictures. */
import { join } from 'node:path';

import { bill, billedBy } from '../billed';
import { BANNED } from '../drawing/markers';
import { drawPicture } from '../drawing/picture';
import { KEYS } from '../keys';
import { RefusedRequest, type Service, type ServiceContext } from '../service';
import { isBody, submit, type Task, tasksOf } from './tasks';

/** Spring's own shape. */
function errorBody(status: number, reason?: string, message?: string): unknown {
	const error = status === 401 ? 'Unauthorized' : status === 404 ? 'Not Found' : status >= 500 ? 'Internal Server Error' : 'Bad Request';
	return { timestamp: '2026-11-22T00:00:00.000+00:00', status, error: reason ?? error, message: message ?? error };
}

export const midjourney: Service = {
	name: 'midjourney',
	errorBody,
	authenticate(request) {
		if (request.header('mj-api-secret') === KEYS.midjourney.apiKey) return undefined;
		return { status: 401, body: errorBody(401) };
	},
	mount(router, context) {
		router.on('POST', '/mj/submit/imagine', async (request) => {
			const body = await request.json();
			if (!isBody(body) || typeof body.prompt !== 'string' || body.prompt.trim() === '') {
				return { status: 200, body: { code: 4, description: 'prompt不能为空' } };
			}
			if (body.prompt.includes(BANNED)) {
				return { status: 200, body: { code: 24, description: '可能包含敏感词', properties: { promptEn: body.prompt, bannedWord: BANNED } } };
			}
			const id = submit(context, { action: 'IMAGINE', prompt: body.prompt, index: 0 });
			bill(context, { id, model: 'midjourney', units: { images: 1 } });
			return { status: 200, body: { code: 1, description: '提交成功', result: id } };
		});
		router.on('POST', '/mj/submit/change', async (request) => {
			const body = await request.json();
			const parent = isBody(body) ? tasksOf(context).get(String(body.taskId)) : undefined;
			if (!parent || !isBody(body)) return { status: 200, body: { code: 3, description: '关联任务不存在或已失效' } };
			const { action, index } = body;
			if (action !== 'UPSCALE' || !(typeof index === 'number' && index >= 1 && index <= 4)) {
				return { status: 200, body: { code: 4, description: 'index错误' } };
			}
			if (parent.status !== 'SUCCESS') return { status: 200, body: { code: 4, description: '关联任务状态错误' } };
			const id = submit(context, { action, prompt: parent.prompt, index });
			return { status: 200, body: { code: 1, description: '提交成功', result: id } };
		});
		router.on('GET', '/mj/task/:id/fetch', ({ params }) => {
			const task = tasksOf(context).get(params.id ?? '');
			if (!task) return { status: 200 };
			advance(task, context);
			return { status: 200, body: shown(task) };
		});
		router.on('GET', '/mj/task/queue', () => ({
			status: 200,
			body: [...tasksOf(context).values()].filter(({ status }) => status !== 'SUCCESS').map(shown),
		}));
		router.on('GET', '/attachments/:name', async ({ params }) => picture(params.name ?? '', context), { open: true });
	},
	state: (context) => ({
		tasks: [...tasksOf(context).values()],
		billed: [...billedBy(context).values()],
	}),
};

/** One step for each look, so that an equal run goes equally. */
function advance(task: Task, context: ServiceContext): void {
	if (task.status === 'SUBMITTED') {
		task.status = 'IN_PROGRESS';
		task.progress = '46%';
	} else if (task.status === 'IN_PROGRESS') {
		task.status = 'SUCCESS';
		task.progress = '100%';
		task.imageUrl = `${context.baseUrl('midjourney')}/attachments/${task.id}.png`;
	}
}

function shown({ index: _index, ...task }: Task): object {
	return { ...task, promptEn: task.prompt, description: `/imagine ${task.prompt}`, state: '', failReason: null };
}

/** About a megapixel in the shape that the prompt asks for; a prompt's own picture shows four. */
async function picture(name: string, context: ServiceContext) {
	const task = tasksOf(context).get(name.replace(/\.png$/, ''));
	if (!task) throw new RefusedRequest(404, 'Not Found', 'There is no such picture');
	const [, across = 1, down = 1] = (/--ar (\d+):(\d+)/.exec(task.prompt) ?? []).map(Number);
	const side = (ratio: number) => Math.round(Math.sqrt(1_000_000 * ratio) / 16) * 16;
	const seed = Number(/--seed (\d+)/.exec(task.prompt)?.[1] ?? context.seed) + task.index;
	const body = await drawPicture(
		{
			prompt: task.prompt.replace(/ --.*$/, ''),
			seed,
			width: side(across / down),
			height: side(down / across),
			format: 'png',
			...(task.action === 'IMAGINE' ? { sheet: true } : {}),
		},
		join(context.dataDir, 'images'),
	);
	return { status: 200, headers: { 'content-type': 'image/png' }, body };
}
