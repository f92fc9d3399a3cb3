/** What can be done with stock videos, and with stock photos. */
import type { FootageKind } from '../../../core/providers/footage/footage';
import type { Resource } from '../../shared/operation';

import { downloadOperation } from './download.operation';
import { searchOperation } from './search.operation';

const resource = (name: string, kind: FootageKind): Resource => ({
	name,
	value: kind,
	operations: [searchOperation(kind), downloadOperation(kind)],
});

export const video = resource('Video', 'video');

export const photo = resource('Photo', 'photo');
