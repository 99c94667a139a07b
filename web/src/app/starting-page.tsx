import css from './starting-page.module.css';

/** Shown while the very first answer of the server is awaited, which is seldom long enough to be seen. */
export function StartingPage() {
  return (
    <main className={css.page} aria-busy="true">
      <img src="/favicon.svg" alt="" width={40} height={40} />
      <h1 className={css.title}>Millwright</h1>
    </main>
  );
}
