package dev.nonevent.pipeline.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;

/** A Chromium without a window and one page in it, driven over the DevTools protocol as a person would drive it. */
final class Browser implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;
    private static final String SAYS_WHERE = "DevTools listening on ws://";

    private final JsonMapper json = new JsonMapper();
    private final OkHttpClient http = new OkHttpClient();
    private final Process process;
    private final WebSocket page;
    private final AtomicInteger last = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<JsonNode>> awaited = new ConcurrentHashMap<>();

    // Guarded by this.
    private final List<JsonNode> events = new ArrayList<>();

    /** @param directory for what the browser keeps */
    static Browser in(Path directory) throws Exception {
        Path program = program().orElseThrow(() -> new IllegalStateException("no chromium on the PATH"));
        ProcessBuilder builder = new ProcessBuilder(
                program.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + directory.resolve("profile"),
                "about:blank");
        builder.environment().putAll(Map.of("HOME", directory.toString(), "TMPDIR", directory.toString()));
        Process process = builder.redirectErrorStream(true).start();
        try {
            return new Browser(process, port(process));
        } catch (Exception | Error broken) {
            kill(process);
            throw broken;
        }
    }

    /** Where Chromium is on this machine. */
    static Optional<Path> program() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .flatMap(directory -> List.of("chromium", "chromium-browser", "google-chrome").stream()
                        .map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private Browser(Process process, int port) throws IOException {
        this.process = process;
        Request newPage = new Request.Builder()
                .url("http://127.0.0.1:" + port + "/json/new?about:blank")
                .put(RequestBody.create(new byte[0]))
                .build();
        try (Response response = http.newCall(newPage).execute()) {
            String address = json.readTree(response.body().string())
                    .get("webSocketDebuggerUrl")
                    .asText();
            this.page = http.newWebSocket(new Request.Builder().url(address).build(), new Ear());
        }
        for (String domain : List.of("Page", "Runtime", "Log", "Network", "DOM")) {
            call(domain + ".enable");
        }
    }

    private static int port(Process process) throws Exception {
        CompletableFuture<Integer> port = new CompletableFuture<>();
        StringBuffer said = new StringBuffer();
        Thread reader = new Thread(() -> {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    said.append(line).append('\n');
                    if (line.startsWith(SAYS_WHERE)) {
                        String address = line.substring(SAYS_WHERE.length());
                        port.complete(Integer.parseInt(address.replaceAll("^.*?:([0-9]+)/.*$", "$1")));
                    }
                }
            } catch (IOException closed) {
                said.append(closed);
            }
            port.completeExceptionally(new IllegalStateException("the browser ended: " + said));
        });
        reader.setDaemon(true);
        reader.start();
        return port.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** What the page and the protocol say. */
    private final class Ear extends WebSocketListener {

        @Override
        public void onMessage(WebSocket socket, String text) {
            try {
                JsonNode message = json.readTree(text);
                if (message.has("id")) {
                    Optional.ofNullable(answers.remove(message.get("id").asInt()))
                            .ifPresent(answer -> answer.complete(message));
                    return;
                }
                synchronized (Browser.this) {
                    events.add(message);
                }
                Optional.ofNullable(awaited.remove(message.get("method").asText()))
                        .ifPresent(event -> event.complete(message));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }

        @Override
        public void onFailure(WebSocket socket, Throwable broken, Response response) {
            answers.values().forEach(answer -> answer.completeExceptionally(broken));
            awaited.values().forEach(event -> event.completeExceptionally(broken));
        }
    }

    /** @param parameters names and values in turn */
    JsonNode call(String method, Object... parameters) {
        Map<String, Object> named = new HashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            named.put(String.valueOf(parameters[i]), parameters[i + 1]);
        }
        int id = last.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        page.send(json.valueToTree(Map.of("id", id, "method", method, "params", named))
                .toString());
        JsonNode message = await(answer, method);
        if (message.has("error")) {
            throw new IllegalStateException(method + ": " + message.get("error"));
        }
        return message.get("result");
    }

    private static JsonNode await(CompletableFuture<JsonNode> future, String what) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + what, stop);
        } catch (ExecutionException | TimeoutException broken) {
            throw new IllegalStateException(what + " was not answered", broken);
        }
    }

    /** Forgets what was heard, opens the file as somebody who clicks on it, and waits until it has loaded. */
    void open(Path file) {
        CompletableFuture<JsonNode> loaded = new CompletableFuture<>();
        awaited.put("Page.loadEventFired", loaded);
        synchronized (this) {
            events.clear();
        }
        call("Page.navigate", "url", file.toUri().toString());
        await(loaded, "loading " + file);
    }

    /** What the page answers to an expression. */
    JsonNode ask(String expression) {
        JsonNode answer = call("Runtime.evaluate", "expression", expression, "returnByValue", true);
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + answer.get("exceptionDetails"));
        }
        return answer.get("result").path("value");
    }

    /** A key is pressed and let go: {@code Tab} or {@code Enter}. */
    void press(String key) {
        boolean enter = key.equals("Enter");
        Object[] stroke = {"key", key, "code", key, "windowsVirtualKeyCode", enter ? 13 : 9, "text", enter ? "\r" : ""};
        call("Input.dispatchKeyEvent", with(enter ? "keyDown" : "rawKeyDown", stroke));
        call("Input.dispatchKeyEvent", with("keyUp", stroke));
    }

    private static Object[] with(String type, Object... stroke) {
        List<Object> all = new ArrayList<>(List.of("type", type));
        all.addAll(List.of(stroke));
        return all.toArray();
    }

    /** @param dark what the person prefers */
    void look(int width, int height, boolean dark) {
        call(
                "Emulation.setDeviceMetricsOverride",
                "width",
                width,
                "height",
                height,
                "deviceScaleFactor",
                1,
                "mobile",
                false);
        Map<String, String> scheme = Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
        Map<String, String> motion = Map.of("name", "prefers-reduced-motion", "value", "reduce");
        call("Emulation.setEmulatedMedia", "features", List.of(scheme, motion));
    }

    /** The whole page as a picture. */
    void screenshot(Path file) throws IOException {
        JsonNode picture = call("Page.captureScreenshot", "captureBeyondViewport", true);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Base64.getDecoder().decode(picture.get("data").asText()));
    }

    /** What came of a kind, such as {@code Network.requestWillBeSent}, since the page was opened. */
    synchronized List<JsonNode> heard(String method) {
        return events.stream()
                .filter(event -> event.get("method").asText().equals(method))
                .map(event -> event.get("params"))
                .toList();
    }

    @Override
    public void close() throws InterruptedException {
        page.cancel();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
        kill(process);
    }

    private static void kill(Process process) throws InterruptedException {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle each : all) {
            try {
                each.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException alive) {
                throw new IllegalStateException("the browser's process " + each.pid() + " lives on", alive);
            }
        }
    }
}
