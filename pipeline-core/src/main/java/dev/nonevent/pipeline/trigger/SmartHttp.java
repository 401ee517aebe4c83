package dev.nonevent.pipeline.trigger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.nonevent.pipeline.source.IsolatedGit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.SideBandOutputStream;
import org.eclipse.jgit.transport.UploadPack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Git's smart HTTP protocol for one repository under one path. A request is read to its end before it is worked on, so a
 * slow sender holds no lock and starts no run.
 */
final class SmartHttp implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(SmartHttp.class);
    private static final String UPLOAD = "git-upload-pack";
    private static final String RECEIVE = "git-receive-pack";
    private static final long MOST_FETCH_BYTES = 64L << 20;

    private final String path;
    private final Repository repository;
    private final Pushes pushes;

    SmartHttp(String path, Repository repository, Pushes pushes) {
        this.path = path;
        this.repository = repository;
        this.pushes = pushes;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try {
            IsolatedGit.call(() -> {
                answer(exchange);
                return exchange;
            });
        } catch (RequestRefused refused) {
            refuse(exchange, refused);
        } catch (IOException gone) {
            LOG.debug("{} {} was not answered", exchange.getRequestMethod(), exchange.getRequestURI(), gone);
        } catch (Exception | Error broken) {
            LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), broken);
        } finally {
            exchange.close();
        }
    }

    private void answer(HttpExchange exchange) throws IOException, InterruptedException, RequestRefused {
        if (!Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host"))
                .filter(host -> host.matches("(localhost|127\\.0\\.0\\.1|\\[::1])(:[0-9]{1,5})?"))
                .isPresent()) {
            throw new RequestRefused(421, "this server answers to 127.0.0.1 and localhost only");
        }
        exchange.getResponseHeaders().set("Cache-Control", "no-cache");
        String asked = exchange.getRequestURI().getRawPath();
        String method = exchange.getRequestMethod();
        if (method.equals("GET") && asked.equals(path + "/info/refs")) {
            advertise(exchange, String.valueOf(exchange.getRequestURI().getRawQuery()));
        } else if (method.equals("POST") && asked.equals(path + "/" + UPLOAD)) {
            upload(exchange);
        } else if (method.equals("POST") && asked.equals(path + "/" + RECEIVE)) {
            receive(exchange);
        } else {
            throw new RequestRefused(404, "only the git repository " + path + " is here");
        }
    }

    private void advertise(HttpExchange exchange, String query) throws IOException, RequestRefused {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        PacketLineOut lines = new PacketLineOut(body);
        String service = query.equals("service=" + UPLOAD) ? UPLOAD : RECEIVE;
        if (!query.equals("service=" + service)) {
            throw new RequestRefused(403, "a git client that speaks the smart protocol is needed");
        }
        lines.writeString("# service=" + service + "\n");
        lines.end();
        if (service.equals(UPLOAD)) {
            try (UploadPack pack = uploadPack(exchange)) {
                pack.sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines));
            }
        } else {
            ReceivePack pack = new ReceivePack(repository);
            pack.setBiDirectionalPipe(false);
            pack.sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines));
        }
        exchange.getResponseHeaders().set("Content-Type", "application/x-" + service + "-advertisement");
        exchange.sendResponseHeaders(200, body.size());
        try (OutputStream out = exchange.getResponseBody()) {
            body.writeTo(out);
        }
    }

    private void upload(HttpExchange exchange) throws IOException, RequestRefused {
        try (RequestBody body = RequestBody.read(exchange, UPLOAD, MOST_FETCH_BYTES, pushes.alarms());
                UploadPack pack = uploadPack(exchange)) {
            exchange.getResponseHeaders().set("Content-Type", "application/x-" + UPLOAD + "-result");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                pack.upload(body.bytes(), out, null);
            }
        }
    }

    private UploadPack uploadPack(HttpExchange exchange) {
        UploadPack pack = new UploadPack(repository);
        pack.setBiDirectionalPipe(false);
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Git-Protocol"))
                .ifPresent(wish -> pack.setExtraParameters(List.of(wish.split(":"))));
        return pack;
    }

    private void receive(HttpExchange exchange) throws IOException, RequestRefused {
        RequestBody.requireGit(exchange, RECEIVE);
        if (!pushes.enter()) {
            refuseInBand(exchange, "too many pushes at once, or the server is closing; try again");
            return;
        }
        try (RequestBody body = RequestBody.read(exchange, RECEIVE, pushes.mostBytes(), pushes.alarms())) {
            exchange.getResponseHeaders().set("Content-Type", "application/x-" + RECEIVE + "-result");
            exchange.sendResponseHeaders(200, 0);
            try (PusherStream out = new PusherStream(exchange.getResponseBody())) {
                pushes.receive(body.bytes(), out);
            }
        } catch (RequestRefused refused) {
            refuseInBand(exchange, String.valueOf(refused.getMessage()));
        } finally {
            pushes.leave();
        }
    }

    /** Git shows nobody the words of an answer that is not 200; what comes on its channel for errors it does show. */
    private void refuseInBand(HttpExchange exchange, String words) throws IOException {
        RequestBody.discard(exchange, pushes.alarms());
        exchange.getResponseHeaders().set("Content-Type", "application/x-" + RECEIVE + "-result");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody();
                OutputStream errors =
                        new SideBandOutputStream(SideBandOutputStream.CH_ERROR, SideBandOutputStream.MAX_BUF, out)) {
            errors.write((words + "\n").getBytes(StandardCharsets.UTF_8));
            errors.flush();
        }
    }

    private static void refuse(HttpExchange exchange, RequestRefused refused) throws IOException {
        byte[] words = (refused.getMessage() + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(refused.status(), words.length);
        exchange.getResponseBody().write(words);
    }
}
