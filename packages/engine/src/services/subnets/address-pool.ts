/** Where the networks of playgrounds have their addresses: 1,024 of 62, where Docker’s own pools are used up by thirty. */
export const addressPool = { base: '10.201.0.0/16', size: 26 } as const;
