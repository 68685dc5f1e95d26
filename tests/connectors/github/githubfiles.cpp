#include "connectors/github/githubfiles.h"

#include "connectors/github/githubruns.h"
#include "support/await.h"
#include "support/fakeclock.h"
#include "support/scriptedhttp.h"

#include <QTest>

using namespace pilothouse;

namespace {

const RemoteFile theFile{QStringLiteral("acme/shared"),
                         QStringLiteral(".github/workflows/build and test.yml"),
                         QStringLiteral("release/v2")};

QByteArray contentOf(const QByteArray &file)
{
    QByteArray lines = file.toBase64();
    lines.insert(8, "\\n"); // GitHub breaks them
    return R"({"type": "file", "encoding": "base64", "content": ")" + lines + R"("})";
}

} // namespace

class TestGithubFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFileIsAskedForAtItsRef()
    {
        Room room;
        room.http.answer(200, contentOf("on: workflow_call\n"));
        QCOMPARE(*await(room.github.files().content(theFile)), QByteArray("on: workflow_call\n"));
        QCOMPARE(room.http.requests.last().url.toEncoded(),
                 QByteArray("https://api.github.com/repos/acme/shared/contents/.github/workflows/"
                            "build%20and%20test.yml?ref=release/v2"));
    }

    void whatGitHubRefusesIsToldAsItIs()
    {
        Room room;
        room.http.answer(404, R"({"message": "Not Found"})");
        QCOMPARE(await(room.github.files().content(theFile)).error().kind, ErrorKind::NotFound);
    }

    void aFileThatIsTooLargeIsSaid()
    {
        Room room;
        room.http.answer(200, R"({"type": "file", "encoding": "none", "content": ""})");
        const auto content = await(room.github.files().content(theFile));
        QVERIFY(!content);
        QVERIFY(content.error().message.contains(theFile.address()));
        QVERIFY(content.error().message.contains(QStringLiteral("1 MB")));
    }

    void aFolderIsNoFile()
    {
        Room room;
        room.http.answer(200, "[]");
        QCOMPARE(await(room.github.files().content(theFile)).error().kind, ErrorKind::Malformed);
    }

private:
    struct Room
    {
        FakeClock clock;
        ScriptedHttp http;
        GithubRuns github{http, clock, settings()};
        static GithubRuns::Settings settings()
        {
            GithubRuns::Settings settings;
            settings.owner = QStringLiteral("acme");
            settings.repository = QStringLiteral("shop");
            return settings;
        }
    };
};

QTEST_GUILESS_MAIN(TestGithubFiles)

#include "githubfiles.moc"
