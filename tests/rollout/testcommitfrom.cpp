#include "rollout/commitfrom.h"

#include <QTest>

using namespace pilothouse;

class TestCommitFrom : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void commitsOfImages_data();
    void commitsOfImages();
    void labelsAndDigests();
};

void TestCommitFrom::commitsOfImages_data()
{
    QTest::addColumn<QString>("image");
    QTest::addColumn<QString>("commit");
    const QString sha1 = QStringLiteral("9f3c2a1b").repeated(5);
    const QString sha256 = QStringLiteral("9f3c2a1b").repeated(8);
    const QString none;
    QTest::newRow("the tag is the commit") << QStringLiteral("gcr.io/p/app:") + sha1 << sha1;
    QTest::newRow("the tag ends in it") << QStringLiteral("app:v1.2-") + sha1 << sha1;
    QTest::newRow("a SHA-256 repository") << QStringLiteral("app:") + sha256 << sha256;
    QTest::newRow("tag and digest") << QStringLiteral("app:%1@sha256:%2").arg(sha1, sha256) << sha1;
    QTest::newRow("a registry with a port") << QStringLiteral("registry:5000/app:") + sha1 << sha1;
    QTest::newRow("a digest alone tells nothing") << QStringLiteral("app@sha256:") + sha256 << none;
    QTest::newRow("a port is no tag") << QStringLiteral("registry:5000/") + sha1 << none;
    QTest::newRow("a version") << QStringLiteral("app:v1.2.3") << none;
    QTest::newRow("a short commit cannot be told from anything")
        << QStringLiteral("app:9f3c2a1") << none;
    QTest::newRow("within a longer word") << QStringLiteral("app:x") + sha1 << none;
    QTest::newRow("followed by something")
        << QStringLiteral("app:") + sha1 + QStringLiteral("-dirty") << none;
    QTest::newRow("no tag") << QStringLiteral("app") << none;
    QTest::newRow("nothing") << QString() << none;
}

void TestCommitFrom::commitsOfImages()
{
    QFETCH(QString, image);
    QFETCH(QString, commit);
    QCOMPARE(commitOfImage(image), CommitId(commit));
    QCOMPARE(commitOf({}, image, {}), CommitId(commit));
}

void TestCommitFrom::labelsAndDigests()
{
    const QString sha = QString(40, QLatin1Char('a'));
    const CommitFrom label{CommitFrom::Kind::Label, QStringLiteral("version")};
    QCOMPARE(commitOf(label, QStringLiteral("app:1"), {{QStringLiteral("version"), sha}}),
             CommitId(sha));
    QCOMPARE(commitOf(label, QStringLiteral("app:") + sha, {}), CommitId());
    QCOMPARE(commitOf(label, {}, {{QStringLiteral("version"), QStringLiteral("1.2.3")}}),
             CommitId());
    QCOMPARE(digestOfImage(QStringLiteral("app:1@sha256:71be")), QStringLiteral("sha256:71be"));
    QCOMPARE(digestOfImage(QStringLiteral("app:1")), QString());
}

QTEST_GUILESS_MAIN(TestCommitFrom)
#include "testcommitfrom.moc"
