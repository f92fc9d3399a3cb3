/** What can be done with speech. */
import type { Resource } from '../../shared/operation';

import { generateSpeechOperation } from './generate.operation';

export const speech: Resource = {
	name: 'Speech',
	value: 'speech',
	operations: [generateSpeechOperation],
};
