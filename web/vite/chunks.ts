/**
 * Which modules share a file. Left alone, the bundler makes one for each set of pages that share a
 * module: some eighty small ones for the first page, each with the headers of an answer. (Joining the
 * small ones of all other pages as well made files that import each other: pages that did not load.)
 */
export const chunks = {
  groups: [
    // Rarely changed by a new version of ours, so a browser keeps it from one to the next.
    {
      name: 'library',
      test: /[\\/]node_modules[\\/](react|react-dom|scheduler|@tanstack)[\\/]/,
      tags: ['$initial' as const],
      priority: 3,
    },
    // What a person waits for first: the frame and the list of runs, which are imported statically.
    { name: 'first', tags: ['$initial' as const], priority: 2 },
  ],
};
