package dev.nonevent.pipeline.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;

/** A server that keeps what it was sent, and answers as told; 201 when it was told nothing. */
public final class RecordingServer implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final MockWebServer server = new MockWebServer();
    private final List<Received> received = new CopyOnWriteArrayList<>();

    // Guarded by itself.
    private final Queue<MockResponse> answers = new ArrayDeque<>();

    /** @param text of the body */
    public record Received(String method, String target, Headers headers, String text) {

        public JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (IOException e) {
                throw new AssertionError(text, e);
            }
        }

        /** A field of the document, as text. */
        public String field(String name) {
            return json().path(name).asText("(none)");
        }
    }

    public RecordingServer() throws IOException {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                String text = request.getBody() == null ? "" : request.getBody().utf8();
                received.add(new Received(request.getMethod(), request.getTarget(), request.getHeaders(), text));
                synchronized (answers) {
                    return answers.isEmpty() ? answer(201, "{\"id\": 1}") : answers.poll();
                }
            }
        });
        server.start();
    }

    /** {@code http://localhost:PORT} and the path. */
    public URI at(String path) {
        return server.url(path).uri();
    }

    public void will(MockResponse... next) {
        synchronized (answers) {
            answers.addAll(List.of(next));
        }
    }

    /** The answers to come are forgotten. */
    public void willBeFine() {
        synchronized (answers) {
            answers.clear();
        }
    }

    public static MockResponse answer(int code, String body, String... headers) {
        MockResponse.Builder answer = new MockResponse.Builder().code(code).body(body);
        for (int i = 0; i < headers.length; i += 2) {
            answer.addHeader(headers[i], headers[i + 1]);
        }
        return answer.build();
    }

    public List<Received> received() {
        return received;
    }

    public List<String> all(String field) {
        return received.stream().map(request -> request.field(field)).toList();
    }

    @Override
    public void close() {
        server.close();
    }
}
