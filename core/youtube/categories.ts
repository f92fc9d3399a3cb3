/** Video categories that a channel may choose (videoCategories.list, region US, `assignable`; unchanged since 2013, read 2026-11). */
export const CATEGORIES: Readonly<Record<string, string>> = {
	1: 'Film & Animation',
	2: 'Autos & Vehicles',
	10: 'Music',
	15: 'Pets & Animals',
	17: 'Sports',
	19: 'Travel & Events',
	20: 'Gaming',
	22: 'People & Blogs',
	23: 'Comedy',
	24: 'Entertainment',
	25: 'News & Politics',
	26: 'Howto & Style',
	27: 'Education',
	28: 'Science & Technology',
	29: 'Nonprofits & Activism',
};
