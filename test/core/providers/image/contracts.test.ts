/** What the image providers send, and what the sandbox answers, checked against the services' own published contracts. */
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { IMAGE_PROVIDERS } from '../../../../core/providers/image';
import { imageModels } from '../../../../core/providers/image/models';
import { BANNED, BLURRED } from '../../../../sandbox/drawing/markers';
import { KEYS } from '../../../../sandbox/keys';
import { contractFor, describeContracts } from '../../../support/contracts';
import { temporarySandbox } from '../../../support/sandbox';
import { temporaryFolder } from '../../../support/store';
import { KITS } from './providers';

const wish = { prompt: 'A lake', negativePrompt: 'people', width: 640, height: 360, style: 'anime', seed: 7 } as const;

/** The extract has no Ultra, and its list of models lacks the one that its own text names. */
const NOT_IN_THE_EXTRACT = ['stable-image-ultra', 'sd3.5-flash'];

describeContracts('what image providers send', ['stability', 'openai'], () => {
	it('to Stability is what its contract says, for every model', async () => {
		const sandbox = await temporarySandbox();
		const provider = IMAGE_PROVIDERS.stability(KITS.stability.connection(sandbox));
		const folder = await temporaryFolder();
		const models = imageModels('stability').map(({ id }) => id).filter((id) => !NOT_IN_THE_EXTRACT.includes(id));
		for (const model of models) await provider.paint({ ...wish, model, imagePath: join(folder, model) });
		const { asked } = sandbox.state('stability') as { asked: Array<{ path: string; fields: Record<string, string> }> };
		expect(asked).toHaveLength(models.length);
		for (const { path, fields } of asked) {
			const { seed, ...rest } = fields;
			contractFor('stability').request('POST', path)({ ...rest, seed: Number(seed) });
		}
	});

	it('to OpenAI is what its contract says, for every living model', async () => {
		const sandbox = await temporarySandbox();
		const provider = IMAGE_PROVIDERS.openai(KITS.openai.connection(sandbox));
		const folder = await temporaryFolder();
		const models = imageModels('openai').filter(({ shut_down: end = '9' }) => end > '2026-11-23');
		for (const { id: model } of models) await provider.paint({ ...wish, model, imagePath: join(folder, model) });
		const requests = sandbox.recorder.list({ service: 'openai' });
		expect(requests.map(({ status }) => status)).toEqual(models.map(() => 200));
		for (const request of requests) contractFor('openai').recorded(request);
	});
});

describeContracts('what the sandbox answers for images', ['stability', 'openai'], () => {
	const headers = { authorization: `Bearer ${KEYS.stability.apiKey}`, accept: 'application/json' };

	it.each([
		['a picture', { prompt: 'A lake' }, 200],
		['a filtered one', { prompt: BLURRED }, 200],
		['a banned prompt', { prompt: BANNED }, 403],
		['a wrong form', { prompt: '', aspect_ratio: '7:1' }, 400],
		['another language', { prompt: '日本の湖' }, 422],
	])('by Stability to %s is what its contract says', async (_name, fields, status) => {
		const sandbox = await temporarySandbox();
		const path = '/v2beta/stable-image/generate/core';
		const body = new FormData();
		for (const [name, value] of Object.entries(fields)) body.set(name, value);
		const answer = await fetch(sandbox.services.stability.url + path, { method: 'POST', headers, body });
		expect(answer.status).toBe(status);
		contractFor('stability').response('POST', path, status)(await answer.json());
	});

	it('by OpenAI is what its contract says', async () => {
		const sandbox = await temporarySandbox();
		const answer = await fetch(`${sandbox.services.openai.url}/v1/images/generations`, {
			method: 'POST',
			headers: { authorization: `Bearer ${KEYS.openai.apiKey}`, 'content-type': 'application/json' },
			body: JSON.stringify({ prompt: 'A lake', model: 'gpt-image-2.6-flare', size: '1280x720' }),
		});
		expect(answer.status).toBe(200);
		contractFor('openai').response('POST', '/v1/images/generations', 200)(await answer.json());
	});
});
