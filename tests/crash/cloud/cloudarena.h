#pragma once

#include "crash/ground.h"
#include "crash/weather/scene.h"

#include <QJsonObject>

namespace pilothouse {

/// The rehearsal's Cloud Run in this process, which reconciles in some milliseconds. Nobody moves
/// its traffic but who asks for it.
class CloudArena final : public Ground
{
public:
    [[nodiscard]] QString systemName() const override { return QStringLiteral("Cloud Run"); }
    [[nodiscard]] QString open() override;
    [[nodiscard]] QUrl url() const override { return m_scene->url(); }
    void begin(int weight) override;
    [[nodiscard]] Traffic traffic() override;
    [[nodiscard]] std::unique_ptr<Seat> seat(const QUrl &address) const override;
    [[nodiscard]] QByteArray control(const QString &folder, const QUrl &address) const override;

private:
    [[nodiscard]] QJsonObject service() const;
    [[nodiscard]] static QByteArray noteOf(const QJsonObject &service, const char *key);

    std::unique_ptr<Scene> m_scene;
    QString m_candidate; ///< its revision
    QString m_stable;
    QString m_tag; ///< of the candidate
};

} // namespace pilothouse
