import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.*;

/** KEYSTORE TRUSTSTORE PASSWORD NAME PAUSE-MS PORT...: full handshakes until the input ends; a line for each. */
class JavaCaller {
  public static void main(String[] args) throws Exception {
    Thread watcher = new Thread(JavaCaller::endWithInput);
    watcher.setDaemon(true);
    watcher.start();
    char[] password = args[2].toCharArray();
    long pause = Long.parseLong(args[4]);
    for (int turn = 0; ; turn++) {
      String port = args[5 + turn % (args.length - 5)];
      boolean old = turn / (args.length - 5) % 2 == 1;
      System.out.println("begin " + port);
      System.out.flush();
      System.out.println("end " + port + " " + call(args, password, Integer.parseInt(port), old));
      System.out.flush();
      Thread.sleep(pause);
    }
  }

  static void endWithInput() {
    try {
      while (System.in.read() >= 0) { }
    } catch (IOException gone) {
      // The same as an end.
    }
    Runtime.getRuntime().halt(0);
  }

  static String call(String[] args, char[] password, int port, boolean old) {
    try (SSLSocket socket = (SSLSocket) contextOf(args, password).getSocketFactory().createSocket("127.0.0.1", port)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(args[3])));
      parameters.setProtocols(new String[] {old ? "TLSv1.2" : "TLSv1.3"});
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(5000);
      String request = "GET / HTTP/1.1\r\nhost: " + args[3] + "\r\nconnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readNBytes(64), StandardCharsets.ISO_8859_1);
      return answer.startsWith("HTTP/1.1 200 ") ? "accepted" : "answer " + answer.replaceAll("\\s+", " ");
    } catch (Exception error) {
      return String.valueOf(error.getMessage()).replaceAll("\\s+", " ");
    }
  }

  static SSLContext contextOf(String[] args, char[] password) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(read("PKCS12", args[0], password), password);
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(read("JKS", args[1], password));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  static KeyStore read(String type, String path, char[] password) throws Exception {
    KeyStore store = KeyStore.getInstance(type);
    try (InputStream bytes = Files.newInputStream(Path.of(path))) {
      store.load(bytes, password);
    }
    return store;
  }
}
