#include "app/sandbox/kubernetes/selector.h"

#include "app/sandbox/kubernetes/objectstore.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse::sandbox {

namespace {

/// Commas part terms, but not within "in (a,b)".
QStringList splitTerms(const QString &text)
{
    QStringList terms;
    QString term;
    int depth = 0;
    for (const QChar c : text) {
        if (c == QLatin1Char('('))
            ++depth;
        if (c == QLatin1Char(')'))
            --depth;
        if (c == QLatin1Char(',') && depth == 0) {
            terms.append(term);
            term.clear();
        } else {
            term.append(c);
        }
    }
    terms.append(term);
    return terms;
}

QString fieldOf(const QJsonObject &object, const QString &key)
{
    if (key == QLatin1String("metadata.name"))
        return nameOf(object);
    if (key == QLatin1String("metadata.namespace"))
        return namespaceOf(object);
    return object.value(QLatin1String("status"))
        .toObject()
        .value(QLatin1String("phase"))
        .toString();
}

} // namespace

tl::expected<Selector, QString> Selector::parse(const QString &text, Of of)
{
    static const QRegularExpression compare(QStringLiteral("^([^\\s!=]+)\\s*(==|=|!=)\\s*(.*)$"));
    static const QRegularExpression within(
        QStringLiteral("^(\\S+)\\s+(in|notin)\\s+\\(([^)]*)\\)$"));
    static const QRegularExpression exists(QStringLiteral("^(!?)([\\w./-]+)$"));
    Selector selector;
    selector.m_of = of;
    if (text.trimmed().isEmpty())
        return selector;
    for (const QString &raw : splitTerms(text)) {
        const QString part = raw.trimmed();
        Term term;
        if (auto m = within.match(part); m.hasMatch()) {
            term.key = m.captured(1);
            term.kind = m.captured(2) == QLatin1String("in") ? Term::Kind::In : Term::Kind::NotIn;
            for (const QString &value : m.captured(3).split(QLatin1Char(',')))
                term.values.append(value.trimmed());
        } else if (m = compare.match(part); m.hasMatch()) {
            term.key = m.captured(1);
            term.kind = m.captured(2) == QLatin1String("!=") ? Term::Kind::NotIn : Term::Kind::In;
            term.values.append(m.captured(3).trimmed());
        } else if (m = exists.match(part); m.hasMatch() && of == Of::Labels) {
            term.key = m.captured(2);
            term.kind = m.captured(1).isEmpty() ? Term::Kind::Exists : Term::Kind::Absent;
        } else {
            return tl::unexpected<QString>(
                QStringLiteral("unable to parse requirement: found '%1'").arg(part));
        }
        const bool known = of == Of::Labels || term.key == QLatin1String("metadata.name")
                           || term.key == QLatin1String("metadata.namespace")
                           || term.key == QLatin1String("status.phase");
        if (!known)
            return tl::unexpected<QString>(
                QStringLiteral("field label not supported: %1").arg(term.key));
        selector.m_terms.append(term);
    }
    return selector;
}

bool Selector::matches(const QJsonObject &object) const
{
    const QJsonObject labels = object.value(QLatin1String("metadata"))
                                   .toObject()
                                   .value(QLatin1String("labels"))
                                   .toObject();
    return std::all_of(m_terms.begin(), m_terms.end(), [&](const Term &term) {
        const bool there = m_of == Of::Fields || labels.contains(term.key);
        const QString value
            = m_of == Of::Fields ? fieldOf(object, term.key) : labels.value(term.key).toString();
        switch (term.kind) {
        case Term::Kind::In:
            return there && term.values.contains(value);
        case Term::Kind::NotIn:
            return !there || !term.values.contains(value);
        case Term::Kind::Exists:
            return there;
        case Term::Kind::Absent:
            return !there;
        }
        return false;
    });
}

} // namespace pilothouse::sandbox
