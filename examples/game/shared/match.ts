/** Most players, bots included: what one byte and a small arena hold well. */
export const MAX_PLAYERS = 16;

/** Who has this many coins wins the round. */
export const COINS_TO_WIN = 25;

/** Players the server adds while there are fewer than this many in all. */
export const BOT_NAMES = ['Bolt', 'Pixel', 'Momo'] as const;

/** Ids of bots are 1 and up; those of people begin here. */
export const FIRST_PERSON_ID = 0x1000;
