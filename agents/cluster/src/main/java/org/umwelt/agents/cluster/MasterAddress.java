package org.umwelt.agents.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.regex.Pattern;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * The Spark master an engine names.
 *
 * @param url as Spark takes it
 * @param hosts of a stand-alone cluster, any of which may answer; none where Spark runs in this
 *     process
 */
record MasterAddress(String url, List<InetSocketAddress> hosts) {
  private static final Pattern LOCAL = Pattern.compile("local(\\[([1-9]\\d{0,3}|\\*)])?");
  private static final String SCHEME = "spark://";
  private static final Pattern HOST = Pattern.compile("([\\w.-]+|\\[[0-9a-fA-F:]+]):(\\d{1,5})");
  private static final int CONNECT_MILLIS = 5000;

  MasterAddress {
    hosts = List.copyOf(hosts);
  }

  /**
   * Reads what stands behind {@code spark:}.
   *
   * @throws BadRequestException where it is no master this module knows
   */
  static MasterAddress parse(String url) {
    if (LOCAL.matcher(url).matches()) {
      return new MasterAddress(url, List.of());
    }
    List<String> hosts =
        url.startsWith(SCHEME) ? List.of(url.substring(SCHEME.length()).split(",", -1)) : List.of();
    if (hosts.isEmpty() || !hosts.stream().allMatch(host -> HOST.matcher(host).matches())) {
      throw new BadRequestException(
          "expected --engine spark:local[N] or spark:spark://HOST:PORT, got spark:" + url);
    }
    return new MasterAddress(url, hosts.stream().map(MasterAddress::address).toList());
  }

  private static InetSocketAddress address(String host) {
    int colon = host.lastIndexOf(':');
    int port = Integer.parseInt(host.substring(colon + 1));
    if (port < 1 || port > 0xFFFF) {
      throw new BadRequestException("expected a port from 1 to 65535, got " + host);
    }
    return InetSocketAddress.createUnresolved(host.substring(0, colon), port);
  }

  boolean isLocal() {
    return hosts.isEmpty();
  }

  /** Returns whether nothing but this machine takes part, so that the driver can be on loopback. */
  boolean isLoopback() {
    return hosts.stream()
        .map(host -> new InetSocketAddress(host.getHostString(), host.getPort()))
        .map(InetSocketAddress::getAddress)
        .allMatch(address -> address != null && address.isLoopbackAddress());
  }

  /**
   * Looks whether a master answers, which Spark itself tries for a minute.
   *
   * @throws IOException where none does
   */
  void requireReachable() throws IOException {
    if (!isLocal() && hosts.stream().noneMatch(MasterAddress::answers)) {
      throw new IOException(
          "no Spark master answers at %s; start one there (org.apache.spark.deploy.master.Master), or name another by --engine spark:spark://HOST:PORT"
              .formatted(url));
    }
  }

  private static boolean answers(InetSocketAddress host) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host.getHostString(), host.getPort()), CONNECT_MILLIS);
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
