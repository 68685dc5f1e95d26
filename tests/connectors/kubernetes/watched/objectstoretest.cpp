#include "clusterobjects.h"

#include "connectors/kubernetes/watched/objectstore.h"

#include <QTest>

using namespace pilothouse;

namespace {

/// A name and a number, for a store of its own.
struct Thing
{
    QString name;
    int number = 0;
};

QJsonObject thing(const char *name, const QJsonValue &number)
{
    return with(with(parsed("{'metadata': {}}"), "metadata.name", QLatin1String(name)), "number",
                number);
}

Result<Thing> decodeThing(const QJsonObject &object)
{
    const QJsonValue number = object.value(QLatin1String("number"));
    if (!number.isDouble())
        return fail(ErrorKind::Malformed, QStringLiteral("no number"));
    return Thing{nameOf(object), number.toInt()};
}

} // namespace

class ObjectStoreTest : public QObject
{
    Q_OBJECT

private:
    StoreOf<Thing> m_store{decodeThing,
                           [](const QJsonObject &object) {
                               return !nameOf(object).startsWith(QLatin1String("other"));
                           },
                           [](const Thing &fresh, const Thing &known) {
                               return fresh.number < known.number;
                           }};

    /// "a 1, b 2", by name.
    [[nodiscard]] QString known() const
    {
        QStringList all;
        for (const Thing &each : m_store.all())
            all << QStringLiteral("%1 %2").arg(each.name).arg(each.number);
        all.sort();
        return all.join(QStringLiteral(", "));
    }

private Q_SLOTS:
    void init()
    {
        takeList(m_store.intake(), {});
        takeList(m_store.intake(), {thing("a", 1), thing("b", 2), thing("other", 3)});
    }

    void aListTakesThePlaceOfWhatWasKnown()
    {
        QCOMPARE(known(), QStringLiteral("a 1, b 2"));
        takeList(m_store.intake(), {thing("b", 4), thing("c", 5)});
        QCOMPARE(known(), QStringLiteral("b 4, c 5"));
    }

    void itChangesNothingBeforeItIsKept()
    {
        const ListIntake intake = m_store.intake();
        intake.take({thing("c", 3)}, ListIntake::Page::First);
        intake.take({thing("d", 4)}, ListIntake::Page::Next);
        QCOMPARE(known(), QStringLiteral("a 1, b 2"));
        intake.keep();
        QCOMPARE(known(), QStringLiteral("c 3, d 4"));
    }

    void readAnewItBeginsAnew()
    {
        const ListIntake intake = m_store.intake();
        intake.take({thing("c", 3), thing("d", QStringLiteral("four"))}, ListIntake::Page::First);
        intake.take({thing("e", 5)}, ListIntake::Page::First);
        intake.keep();
        QCOMPARE(known(), QStringLiteral("e 5"));
        QVERIFY(m_store.unreadable().isEmpty());
    }

    void whatCannotBeReadStaysAsItWasAndIsRemembered()
    {
        takeList(m_store.intake(), {thing("a", QStringLiteral("one")), thing("b", 3)});
        QCOMPARE(known(), QStringLiteral("a 1, b 3"));
        QCOMPARE(m_store.unreadable().keys(), QStringList{QStringLiteral("a")});
        takeList(m_store.intake(), {thing("a", 2)});
        QCOMPARE(known(), QStringLiteral("a 2"));
        QVERIFY(m_store.unreadable().isEmpty());
    }

    void whatWasOvertakenOnItsWayIsLeftOut()
    {
        m_store.put(thing("b", 7));
        takeList(m_store.intake(), {thing("a", 1), thing("b", 6)});
        QCOMPARE(known(), QStringLiteral("a 1, b 7"));
    }

    void whatHappenedWhileTheListWasReadIsJudgedAtItsEnd()
    {
        const ListIntake intake = m_store.intake();
        intake.take({thing("a", 5), thing("b", 6)}, ListIntake::Page::First);
        m_store.put(thing("b", 9));
        m_store.put(thing("c", 1));
        intake.keep();
        QCOMPARE(known(), QStringLiteral("a 5, b 9"));
    }
};

QTEST_GUILESS_MAIN(ObjectStoreTest)
#include "objectstoretest.moc"
