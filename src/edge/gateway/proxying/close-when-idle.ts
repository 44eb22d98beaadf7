/** What is needed of a session of HTTP/2, and of the connection under it. */
interface Session {
  close(): void;
  destroy(): void;
  once(event: 'close', listener: () => void): unknown;
}

interface Moving {
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

const looks = 4;

/**
 * Lets a session end on which nothing has moved for so long, give or take a quarter, and ends it when streams hold it
 * open for as long again. The session's own timer would do, but Node 24 does not clear it when a session ends before: the
 * session, its host and the TLS context stay in memory until it fires.
 */
export function closeWhenIdle(session: Session, connection: Moving, milliseconds: number): void {
  let [moved, quiet] = [0, 0];
  const timer = setInterval(() => {
    const now = connection.bytesRead + connection.bytesWritten;
    quiet = now === moved ? quiet + 1 : 0;
    moved = now;
    if (quiet === looks) session.close();
    if (quiet === looks * 2) session.destroy();
  }, milliseconds / looks).unref();
  session.once('close', () => clearInterval(timer));
}
