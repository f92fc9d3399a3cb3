/** The node that makes the video: footage, captions, sound, one file. */
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { imageCredentials } from '../SceneImage/connection';
import { footageCredentials } from '../shared/footage';
import { commonDescription, propertiesOf, runOperations } from '../shared/operation';
import { storeCredential } from '../shared/store';

import { thumbnail } from './thumbnail';
import { video } from './video';

const resources = [video, thumbnail];

export class VideoComposer implements INodeType {
	description: INodeTypeDescription = {
		...commonDescription,
		displayName: 'YTEMPIRE Video Composer',
		name: 'videoComposer',
		icon: { light: 'file:videoComposer.svg', dark: 'file:videoComposer.dark.svg' },
		description: 'Make a video with ffmpeg from a script, a voice and stock footage',
		defaults: { name: 'Video Composer' },
		usableAsTool: true,
		// OpenAI looks at footage, and paints
		credentials: [...footageCredentials(), ...imageCredentials, storeCredential],
		properties: propertiesOf(resources),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperations(this, resources);
	}
}
