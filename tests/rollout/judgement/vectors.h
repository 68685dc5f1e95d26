#pragma once

#include "support/places.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <vector>

namespace pilothouse::test {

/// One of the files of vectors beside this header; empty if it cannot be read.
inline QByteArray vectorFile(const char *name)
{
    QFile file(QStringLiteral(PILOTHOUSE_SOURCE_DIR "/tests/rollout/judgement/vectors/")
               + QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The cases of one list of such a file.
inline QList<QJsonObject> vectorCases(const char *name, const char *list)
{
    QList<QJsonObject> cases;
    const QJsonArray all = QJsonDocument::fromJson(vectorFile(name))[QLatin1String(list)].toArray();
    for (const QJsonValue entry : all)
        cases.append(entry.toObject());
    return cases;
}

/// In ascending order.
inline std::vector<double> sortedNumbers(const QJsonValue &list)
{
    std::vector<double> numbers;
    const QJsonArray all = list.toArray();
    for (const QJsonValue entry : all)
        numbers.push_back(entry.toDouble());
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

} // namespace pilothouse::test
