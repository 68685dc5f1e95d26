#include "connectors/kubernetes/helm/helmdifference.h"

#include <QTest>

using namespace pilothouse;

namespace {

QString route(int stable, int candidate)
{
    return QStringLiteral("---\n# Source: web/templates/route.yaml\nkind: HTTPRoute\n"
                          "metadata:\n  name: web\nspec:\n  rules:\n    - backendRefs:\n"
                          "        - {name: stable, weight: %1}\n"
                          "        - {name: candidate, weight: %2}\n")
        .arg(stable)
        .arg(candidate);
}

const QString secret = QStringLiteral("---\nkind: Secret\nmetadata: {name: db}\n"
                                      "stringData: {password: hunter2}\n");

} // namespace

class HelmDifferenceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aChangedWeightIsOneLineWithItsPath()
    {
        QCOMPARE(
            manifestChanges(route(90, 10), route(50, 50)),
            (QStringList{
                QStringLiteral("HTTPRoute/web spec.rules[0].backendRefs[0].weight: 90 → 50"),
                QStringLiteral("HTTPRoute/web spec.rules[0].backendRefs[1].weight: 10 → 50")}));
    }

    void nothingChangedIsNoLine()
    {
        QCOMPARE(manifestChanges(route(90, 10), route(90, 10)), QStringList());
        QCOMPARE(manifestChanges({}, {}), QStringList());
    }

    void objectsAndMembersThatComeAndGoAreNamed()
    {
        const QString before
            = QStringLiteral("kind: Service\nmetadata: {name: old}\n---\n"
                             "kind: ConfigMap\nmetadata: {name: c, namespace: shop}\n"
                             "data: {a: 1, b: 2}\n");
        const QString after
            = QStringLiteral("kind: ConfigMap\nmetadata: {name: c, namespace: shop}\n"
                             "data: {b: 2, c: ''}\n---\n"
                             "kind: Service\nmetadata: {name: new}\n");
        QCOMPARE(manifestChanges(before, after),
                 (QStringList{QStringLiteral("− Service/old"),
                              QStringLiteral("ConfigMap/shop/c − data.a: 1"),
                              QStringLiteral("ConfigMap/shop/c + data.c: \"\""),
                              QStringLiteral("+ Service/new")}));
    }

    void secretsAreNeverShown()
    {
        QString changed = secret;
        changed.replace(QLatin1String("hunter2"), QLatin1String("hunter3"));
        const QStringList lines = manifestChanges(route(90, 10) + secret, route(90, 10) + changed);
        QCOMPARE(lines, QStringList{QStringLiteral("Secrets are not compared")});
        // helm hides them from a trial; that they are not in it is no change either.
        QCOMPARE(manifestChanges(secret, QStringLiteral("---\n# HIDDEN: The Secret output\n")),
                 lines);
    }

    void aTokenInAnotherObjectIsMasked()
    {
        const QString object
            = QStringLiteral("kind: ConfigMap\nmetadata: {name: c}\ndata: {url: '%1'}\n");
        const QStringList lines
            = manifestChanges(object.arg(QStringLiteral("postgres://me:hunter2@db/x")),
                              object.arg(QStringLiteral("postgres://me:hunter3@db/x")));
        QCOMPARE(lines.size(), 1);
        QVERIFY2(!lines.first().contains(QStringLiteral("hunter")), qPrintable(lines.first()));
    }

    void longValuesAndLongListsAreCut()
    {
        QString before = QStringLiteral("kind: ConfigMap\nmetadata: {name: c}\ndata:\n");
        QString after = before;
        for (int i = 0; i < 50; ++i) {
            before += QStringLiteral("  k%1: a\n").arg(i);
            after += QStringLiteral("  k%1: %2\n").arg(i).arg(QString(200, QLatin1Char('b')));
        }
        const QStringList lines = manifestChanges(before, after);
        QCOMPARE(lines.size(), 41);
        QVERIFY(lines.first().size() < 120);
        QCOMPARE(lines.last(), QStringLiteral("… and 10 more"));
    }

    void whatIsNoYamlIsNoCrash()
    {
        QCOMPARE(manifestChanges(QStringLiteral("---\n\t: [\n---\n- 1\n"), route(90, 10)),
                 QStringList{QStringLiteral("+ HTTPRoute/web")});
    }
};

QTEST_GUILESS_MAIN(HelmDifferenceTest)
#include "helmdifferencetest.moc"
