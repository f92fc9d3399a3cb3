/** n8n killed in the middle of a video: it goes on, pays for no answer again that had arrived, and publishes once. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { isOver, resumingSoon, testFactory, type TestFactory } from './factory';

const PATH = 'workflow_001';

let factory: TestFactory;
beforeEach(async () => {
	factory = await testFactory({
		// on its next start n8n tells the error workflow of what it left
		workflows: ['video_generation.json', 'error_handler.json'],
		adapt: resumingSoon,
	});
});
afterEach(async () => {
	await factory.close();
});

const body = {
	video_id: 'interrupted',
	topic: 'How volcanoes work',
	duration: 20,
	options: { resolution: '320x180' },
};

const videosOnYouTube = () => (factory.sandbox.state('youtube') as { videos: unknown[] }).videos;

describe('a killed n8n', () => {
	it.each([['voice'], ['video'], ['upload']])('goes on by itself when it dies in the stage %s', async (stage) => {
		if (stage !== 'video') {
			const service = stage === 'voice' ? 'elevenlabs' : 'youtube';
			factory.sandbox.faults.setLatency(service, 700);
		}
		await factory.post(PATH, body);
		await factory.jobWhen('interrupted', ({ stages }) =>
			stages.some((one) => one.stage === stage && one.status === 'running'),
		);
		await new Promise((resolve) => setTimeout(resolve, 400));
		await factory.n8n.kill('SIGKILL');
		factory.sandbox.faults.clear();
		await factory.n8n.start([PATH]);

		const soon = await factory.post(PATH, body);
		expect(soon).toMatchObject({ status: 200, body: { disposition: 'existing' } });
		const job = await factory.jobWhen('interrupted', isOver, 180);
		expect(job).toMatchObject({ status: 'published', failure: null, attempt: 2 });
		expect(videosOnYouTube()).toHaveLength(1);
		expect(factory.asked('openai', '/v1/chat/completions')).toBe(1);
		const spoken = factory.sandbox.recorder
			.list({ service: 'elevenlabs', method: 'POST' })
			.filter(({ status }) => status === 200)
			.map(({ body: sent }) => (sent as { text: string }).text);
		// Killed while it speaks, the scenes under way are asked for again
		if (stage !== 'voice') expect(new Set(spoken).size).toBe(spoken.length);
	});
});
