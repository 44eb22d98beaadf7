import com.sun.net.httpserver.HttpServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.interfaces.RSAKey;
import java.util.Collections;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A TLS server in Java that asks for client certificates. It reads a PKCS#12 keystore and a JKS truststore when it starts
 * and when it is told to: KEYSTORE TRUSTSTORE PASSWORD PORT (hot | signal PIDFILE | http HOOKPORT).
 */
public final class FileReadingServer {
  static volatile SSLContext context;
  static Path keystore;
  static Path truststore;
  static char[] password;

  public static void main(String[] args) throws Exception {
    keystore = Path.of(args[0]);
    truststore = Path.of(args[1]);
    password = args[2].toCharArray();
    reload();
    if (args[4].equals("hot")) startDaemon(FileReadingServer::watch);
    if (args[4].equals("signal")) onSignal(Path.of(args[5]));
    if (args[4].equals("http")) onCall(Integer.parseInt(args[5]));
    ExecutorService connections = Executors.newCachedThreadPool();
    try (ServerSocket server = new ServerSocket(Integer.parseInt(args[3]), 256, InetAddress.getLoopbackAddress())) {
      while (true) {
        Socket plain = server.accept();
        connections.execute(() -> serve(plain));
      }
    }
  }

  static void startDaemon(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
  }

  /** The context of this moment serves the connection to its end; the next one may find another. */
  static void serve(Socket plain) {
    try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, true)) {
      socket.setSoTimeout(30_000);
      socket.setNeedClientAuth(true);
      StringBuilder request = new StringBuilder();
      InputStream input = socket.getInputStream();
      for (int next = input.read(); next >= 0; next = input.read()) {
        if (request.append((char) next).toString().endsWith("\r\n\r\n")) break;
      }
      String answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
    } catch (Throwable refused) {
      System.err.println(refused);
    }
  }

  static synchronized void reload() throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    KeyStore own = read("PKCS12", keystore);
    refuseWeakKeys(own);
    keys.init(own, password);
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(read("JKS", truststore));
    SSLContext next = SSLContext.getInstance("TLS");
    next.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    context = next;
  }

  /** As providers for FIPS do; JSSE itself presents whatever it is given. */
  static void refuseWeakKeys(KeyStore own) throws Exception {
    for (String alias : Collections.list(own.aliases())) {
      boolean isWeak = own.getCertificate(alias).getPublicKey() instanceof RSAKey key && key.getModulus().bitLength() < 2048;
      if (isWeak) throw new KeyStoreException("RSA keys below 2048 bits are refused");
    }
  }

  static KeyStore read(String type, Path path) throws Exception {
    KeyStore store = KeyStore.getInstance(type);
    try (InputStream bytes = Files.newInputStream(path)) {
      store.load(bytes, password);
    }
    return store;
  }

  /** What cannot be used is said, and what was used before goes on. */
  static void tryReload() {
    try {
      reload();
    } catch (Exception unusable) {
      System.err.println(unusable.getMessage());
    }
  }

  static void watch() {
    String seen = "";
    while (true) {
      try {
        String now = Files.getLastModifiedTime(keystore) + " " + Files.getLastModifiedTime(truststore);
        if (!now.equals(seen)) tryReload();
        seen = now;
        Thread.sleep(50);
      } catch (Exception missing) {
        System.err.println(missing.getMessage());
      }
    }
  }

  static void onSignal(Path pidFile) throws Exception {
    sun.misc.Signal.handle(new sun.misc.Signal("HUP"), signal -> tryReload());
    Files.writeString(pidFile, String.valueOf(ProcessHandle.current().pid()));
  }

  static void onCall(int port) throws Exception {
    HttpServer hook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    hook.createContext("/", exchange -> {
      String problem = "";
      try {
        reload();
      } catch (Exception unusable) {
        problem = String.valueOf(unusable.getMessage());
      }
      byte[] answer = problem.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(problem.isEmpty() ? 200 : 500, answer.length == 0 ? -1 : answer.length);
      exchange.getResponseBody().write(answer);
      exchange.close();
    });
    hook.start();
  }
}
