import { type FormEvent, useState } from 'react';
import { wire } from '../wire.ts';
import { keepDeskKey } from './desk-key.ts';

/** Shows the key to the server over the connection there is: what the page follows goes on meanwhile. */
export function SignIn({ onSignedIn }: { onSignedIn: () => void }) {
  const [key, setKey] = useState('');
  const [trouble, setTrouble] = useState<string | null>(null);

  async function signIn(event: FormEvent): Promise<void> {
    event.preventDefault();
    keepDeskKey(key);
    try {
      await wire.reauthenticate();
      onSignedIn();
    } catch (error) {
      keepDeskKey(null);
      setTrouble(error instanceof Error ? error.message : String(error));
      // A server that was shown a wrong key turned this page away: it comes back as a reader.
      await wire.reauthenticate().catch(() => {});
    }
  }

  return (
    <main className="sign-in">
      <form onSubmit={signIn}>
        <h2>Editor’s desk</h2>
        <label>
          Key of the desk
          <input type="password" value={key} onChange={(event) => setKey(event.target.value)} required />
        </label>
        {trouble !== null && (
          <p className="trouble" role="alert">
            {trouble}
          </p>
        )}
        <button type="submit">Sit down</button>
      </form>
    </main>
  );
}
