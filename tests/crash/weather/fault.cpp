#include "crash/weather/fault.h"

#include "support/rawserver.h"

namespace pilothouse {
namespace {

using Kind = Fault::Kind;
using Server = Fault::Server;

QByteArray json(const char *status, const QByteArray &body, const QByteArray &headers = {})
{
    return RawServer::http(status, body, headers + "Content-Type: application/json\r\n");
}

QByteArray begun()
{
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"kind\":\"";
}

QList<Fault> refusals()
{
    const auto refusal = [](const char *status, const QByteArray &headers = {}) {
        return Fault{QString::fromLatin1(status).left(3), Kind::Answer, Server::NeverSawIt,
                     json(status, R"({"message":"made by the test"})", headers)};
    };
    return {refusal("401 Unauthorized"),
            refusal("403 Forbidden"),
            refusal("404 Not Found"),
            refusal("409 Conflict"),
            refusal("410 Gone"),
            refusal("429 Too Many Requests", "Retry-After: 1\r\n"),
            refusal("500 Internal Server Error"),
            refusal("502 Bad Gateway"),
            refusal("503 Service Unavailable"),
            refusal("504 Gateway Timeout")};
}

QList<Fault> anywhere()
{
    return refusals()
           + QList<Fault>{
               {QStringLiteral("late"), Kind::Late},
               {QStringLiteral("closed without an answer"), Kind::Answer},
               {QStringLiteral("not HTTP"), Kind::Answer, Server::NeverSawIt,
                "SSH-2.0-OpenSSH_9.2\r\n\r\n"},
               {QStringLiteral("cut in the middle"), Kind::Half, Server::DidIt},
               {QStringLiteral("silence"), Kind::Silence},
               {QStringLiteral("stopped"), Kind::Stopped},
               {QStringLiteral("redirect to another host"), Kind::Answer, Server::NeverSawIt,
                RawServer::http("307 Temporary Redirect", {},
                                "Location: http://127.0.0.2:9/elsewhere\r\n")},
               {QStringLiteral("malformed JSON"), Kind::Answer, Server::NeverSawIt,
                json("200 OK", R"({"kind":"Status","metadata":{)")},
               {QStringLiteral("JSON of something else"), Kind::Answer, Server::NeverSawIt,
                json("200 OK", "{}")},
               {QStringLiteral("huge body"), Kind::Answer, Server::NeverSawIt,
                json("200 OK", "{\"text\":\"" + QByteArray(1 << 20, 'x') + "\"}")},
               {QStringLiteral("never ending"), Kind::Endless, Server::NeverSawIt, begun()},
               {QStringLiteral("trickle"), Kind::Trickle, Server::NeverSawIt, begun()},
           };
}

QList<Fault> afterTheWrite()
{
    return {
        {QStringLiteral("500 though done"), Kind::Answer, Server::DidIt,
         json("500 Internal Server Error", "{}")},
        {QStringLiteral("502 though done"), Kind::Answer, Server::DidIt,
         json("502 Bad Gateway", "{}")},
        {QStringLiteral("504 though done"), Kind::Answer, Server::DidIt,
         json("504 Gateway Timeout", "{}")},
        {QStringLiteral("closed though done"), Kind::Answer, Server::DidIt},
        {QStringLiteral("silence though done"), Kind::Silence, Server::DidIt},
        {QStringLiteral("malformed JSON though done"), Kind::Answer, Server::DidIt,
         json("200 OK", R"({"kind":"Status","metadata":{)")},
        {QStringLiteral("JSON of something else though done"), Kind::Answer, Server::DidIt,
         json("200 OK", "{}")},
        {QStringLiteral("huge body though done"), Kind::Answer, Server::DidIt,
         json("200 OK", "{\"text\":\"" + QByteArray(1 << 20, 'x') + "\"}")},
        {QStringLiteral("never ending though done"), Kind::Endless, Server::DidIt, begun()},
        {QStringLiteral("trickle though done"), Kind::Trickle, Server::DidIt, begun()},
        {QStringLiteral("not HTTP though done"), Kind::Answer, Server::DidIt,
         "SSH-2.0-OpenSSH_9.2\r\n\r\n"},
    };
}

} // namespace

const QList<Fault> &faults()
{
    static const QList<Fault> all = anywhere() + afterTheWrite();
    return all;
}

bool suits(const Fault &fault, const QByteArray &method)
{
    const bool atReads = (fault.server == Server::NeverSawIt && fault.kind != Kind::Trickle)
                         || fault.kind == Kind::Half;
    return atReads || method != "GET";
}

} // namespace pilothouse
