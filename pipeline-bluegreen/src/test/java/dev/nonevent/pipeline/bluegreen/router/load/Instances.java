package dev.nonevent.pipeline.bluegreen.router.load;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The deployments behind a router, one after the other, all on one thread: each has a number, a listener and its own
 * connections, answers {@code NUMBER ID} to a request of {@code /ID}, and remembers which ids it received and when the last
 * one came. Every id is expected once.
 */
public final class Instances implements AutoCloseable {

    private static final int BACKLOG = 512;
    static final int LARGE = 128 * 1024;

    private final Selector selector = Selector.open();
    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
    private final List<Instance> all = new CopyOnWriteArrayList<>();
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "instances");

    // of the thread, and of everybody once it has ended
    private byte[] timesReceived = new byte[1024];

    private volatile boolean over;

    public Instances() throws IOException {
        thread.setDaemon(true);
        thread.start();
    }

    /** One deployment. */
    private static final class Instance {
        private final int number;
        private final ServerSocketChannel listener;
        private final AtomicLong received = new AtomicLong();
        private final AtomicLong lastReceivedAt = new AtomicLong(Long.MIN_VALUE);
        private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();

        private Instance(int number, ServerSocketChannel listener) {
            this.number = number;
            this.listener = listener;
        }
    }

    /** One connection to a deployment. */
    private final class Line {
        private final Instance instance;
        private final SocketChannel channel;
        private final Inbox inbox = new Inbox();
        private ByteBuffer unsent = ByteBuffer.allocate(0);

        private Line(Instance instance, SocketChannel channel) {
            this.instance = instance;
            this.channel = channel;
        }

        private void serve(SelectionKey key) throws IOException {
            if (key.isWritable()) {
                send(key);
            }
            if (key.isReadable() && !unsent.hasRemaining()) {
                boolean goesOn = inbox.readFrom(channel);
                long now = System.nanoTime();
                for (var request = inbox.next(); request.isPresent(); request = inbox.next()) {
                    answer(key, request.get(), now);
                }
                if (!goesOn) {
                    hangUp();
                }
            }
        }

        private void answer(SelectionKey key, Inbox.Message request, long now) throws IOException {
            String path = request.firstLine().split(" ")[1].substring(1);
            if (path.equals("large")) {
                unsent = whole("x".repeat(LARGE));
            } else if (path.equals("small")) {
                unsent = whole("small");
            } else {
                if (request.firstLine().startsWith("POST") && !request.body().equals(path)) {
                    troubles.add("a request of " + path + " came with the body " + request.body());
                }
                receive(Integer.parseInt(path));
                instance.lastReceivedAt.set(now);
                instance.received.incrementAndGet();
                unsent = whole(instance.number + " " + path);
            }
            send(key);
        }

        private void send(SelectionKey key) throws IOException {
            channel.write(unsent);
            key.interestOps(unsent.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }

        private void hangUp() throws IOException {
            instance.connections.remove(channel);
            channel.close();
        }
    }

    /** Starts the next one: 0, 1, 2 and so on. It listens when this returns. */
    public Target next() throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        listener.configureBlocking(false);
        Instance instance = new Instance(all.size(), listener);
        all.add(instance);
        order(() -> listener.register(selector, SelectionKey.OP_ACCEPT, instance));
        Colour colour = instance.number % 2 == 0 ? Colour.BLUE : Colour.GREEN;
        int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
        return new Target(colour, deployment(instance.number), URI.create("http://127.0.0.1:" + port));
    }

    public static String deployment(int number) {
        return "shop-" + number;
    }

    /** Takes it away, with its connections. */
    public void remove(int number) {
        Instance removed = all.get(number);
        order(() -> {
            removed.listener.close();
            for (SocketChannel connection : removed.connections) {
                connection.close();
            }
        });
    }

    public long received(int number) {
        return all.get(number).received.get();
    }

    public long received() {
        return all.stream().mapToLong(instance -> instance.received.get()).sum();
    }

    /** By {@link System#nanoTime}; {@code Long.MIN_VALUE} if it never received one. */
    public long lastReceivedAt(int number) {
        return all.get(number).lastReceivedAt.get();
    }

    public List<String> troubles() {
        return List.copyOf(troubles);
    }

    /** Ids from 0 to below this that were not received exactly once. To be asked once it is closed. */
    public List<String> notOnce(int ids) {
        List<String> wrong = new ArrayList<>();
        for (int id = 0; id < ids; id++) {
            int times = id < timesReceived.length ? timesReceived[id] : 0;
            if (times != 1) {
                wrong.add(id + " was received " + times + " times");
            }
        }
        return wrong;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        over = true;
        selector.wakeup();
        thread.join();
        for (SelectionKey key : List.copyOf(selector.keys())) {
            key.channel().close();
        }
        selector.close();
    }

    private interface Order {
        void carryOut() throws IOException;
    }

    private void order(Order order) {
        orders.add(() -> {
            try {
                order.carryOut();
            } catch (IOException e) {
                troubles.add(e.toString());
            }
        });
        selector.wakeup();
    }

    private void run() {
        try {
            while (!over) {
                for (Runnable order = orders.poll(); order != null; order = orders.poll()) {
                    order.run();
                }
                selector.select(this::serve);
            }
        } catch (IOException | RuntimeException e) {
            troubles.add("the instances have ended: " + e);
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.attachment() instanceof Instance instance) {
                accept(instance);
            } else if (key.attachment() instanceof Line line) {
                serve(key, line);
            }
        } catch (IOException e) {
            troubles.add(e.toString());
        }
    }

    private void accept(Instance instance) throws IOException {
        for (SocketChannel channel = instance.listener.accept();
                channel != null;
                channel = instance.listener.accept()) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            instance.connections.add(channel);
            channel.register(selector, SelectionKey.OP_READ, new Line(instance, channel));
        }
    }

    /** A connection that the router breaks off is no trouble of the instance: the client's view counts. */
    private static void serve(SelectionKey key, Line line) throws IOException {
        try {
            line.serve(key);
        } catch (IOException brokenOff) {
            line.hangUp();
        }
    }

    private void receive(int id) {
        if (id >= timesReceived.length) {
            timesReceived = Arrays.copyOf(timesReceived, Math.max(id + 1, 2 * timesReceived.length));
        }
        timesReceived[id]++;
    }

    private static ByteBuffer whole(String body) {
        return ByteBuffer.wrap(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1));
    }
}
