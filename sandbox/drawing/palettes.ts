/** Colours that go together, for the sandbox's moving pictures. All `rrggbb`. */

export interface Palette {
	/** Sky at the top and at the horizon. */
	sky: [string, string];
	/** The light that wanders through the sky. */
	glow: string;
	/** Sun, moon, windows. */
	light: string;
	/** Layers from far to near. */
	layers: [string, string, string, string];
}

export const PALETTES: readonly Palette[] = [
	// dawn
	{
		sky: ['3d5a98', 'ffb48a'],
		glow: 'ffd9a8',
		light: 'fff1cf',
		layers: ['b9779a', '8d5b8c', '5f4478', '372c55'],
	},
	// noon by the sea
	{
		sky: ['2f8fd0', 'c9ecf7'],
		glow: 'ffffff',
		light: 'fffbe0',
		layers: ['7cc0cf', '4fa3b8', '2b7d99', '175a78'],
	},
	// meadow
	{
		sky: ['6fb8d8', 'eaf6d6'],
		glow: 'fff6c2',
		light: 'fff7cc',
		layers: ['a9cf93', '7db573', '4f9159', '2c6a48'],
	},
	// evening
	{
		sky: ['46327a', 'ff8f70'],
		glow: 'ffc27a',
		light: 'ffe2a6',
		layers: ['a4517d', '7c3b72', '522a60', '2c1c45'],
	},
	// teal night
	{
		sky: ['12324f', '3f8f9e'],
		glow: '9fe0d2',
		light: 'f3f7dc',
		layers: ['2f7484', '23596d', '184055', '0e2a3d'],
	},
	// autumn
	{
		sky: ['7fa8b8', 'ffe3b3'],
		glow: 'fff0cf',
		light: 'fff4d6',
		layers: ['e0a368', 'c97b4a', '9c5238', '63332f'],
	},
	// winter
	{
		sky: ['7d9fc9', 'f2f1f6'],
		glow: 'ffffff',
		light: 'fffdf2',
		layers: ['c4d3e6', '9db5d3', '6f8cb3', '466288'],
	},
	// desert
	{
		sky: ['e58f65', 'ffe0b0'],
		glow: 'fff2c9',
		light: 'fff6dd',
		layers: ['e9b27c', 'd08a5a', 'a9603f', '76402f'],
	},
];
