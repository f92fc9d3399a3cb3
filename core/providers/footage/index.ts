/** All libraries of footage that the product knows. */
import type { FootageConnection, FootageProvider } from './footage';
import { pexels } from './pexels';
import { pixabay } from './pixabay';
import type { FootageProviderId } from './terms';
import { unsplash } from './unsplash';

export const FOOTAGE_PROVIDERS: Record<FootageProviderId, (connection: FootageConnection) => FootageProvider> = {
	pexels,
	pixabay,
	unsplash,
};
