# /privacy. $hours, $days, $count: whole numbers. $on: yes or no.
operating-privacy-title = **O que guardo sobre você**
operating-privacy-source = 🖼️ Sua imagem: enquanto o sonho é feito, { $hours ->
    [one] uma hora
   *[other] { $hours } horas
} no máximo.
operating-privacy-result = 📦 Um sonho que não consegui entregar: { $days ->
    [one] um dia
   *[other] { $days } dias
} no máximo. Todos os outros sonhos estão só no Discord.
operating-privacy-job = 🧾 De cada sonho: quem pediu, onde e quando, de onde veio a imagem e como se chamava, a receita, e quais comparações foram mostradas a todos e por quem, para que os botões continuem funcionando. Até você apagar.
operating-privacy-settings = ⚙️ O que você ajusta com os botões abaixo, os visuais que você salvou e seu visual padrão.
operating-privacy-hall = ⭐ Quais dos seus sonhos foram encaminhados para um hall da fama. O encaminhamento é apagado junto com o sonho.
operating-privacy-never = -# Não guardo nomes de pessoas nem mensagens, e sua imagem nunca sai do canal dela; só um sonho pode sair, para o hall da fama do servidor.
operating-privacy-untouchable = { $on ->
    [yes] ✅ Ninguém mais sonha minhas imagens
   *[no] Que ninguém mais sonhe minhas imagens
}
operating-privacy-previews = { $on ->
    [yes] ✅ Mostrar prévias enquanto espero
   *[no] Economia de dados: sem prévias (toque para ver)
}
operating-privacy-ping = { $on ->
    [yes] ✅ Me avisar depois de uma longa espera
   *[no] Me avisar depois de uma longa espera
}
operating-privacy-export = Salvar meus dados
operating-privacy-delete = Apagar meus dados…
operating-privacy-keep = Manter tudo
operating-privacy-erase = Apagar meus dados
operating-privacy-erase-posted = { $count ->
    [one] Apagar meus dados e meu sonho no canal
   *[other] Apagar meus dados e meus { $count } sonhos em canais
}
operating-privacy-sure = **Apagar tudo o que guardo sobre você?** O que está sendo sonhado para você termina, seu histórico e seus ajustes somem, os botões sob seus sonhos param de funcionar, e as comparações que mostram suas imagens ou seus sonhos, ou que você mostrou a todos, são apagadas. Só ficam receitas que ninguém pode saber que eram suas. Não dá para desfazer.
operating-privacy-erasing = Apagando… pode levar alguns minutos.
operating-privacy-erased = { $count ->
    [0] Pronto. Não havia nenhum sonho seu, e seus ajustes sumiram.
    [one] Pronto. Esqueci um sonho seu, e seus ajustes.
   *[other] Pronto. Esqueci { $count } sonhos seus, e seus ajustes.
}
operating-privacy-deleted = { $count ->
    [one] Um sonho foi apagado do canal.
   *[other] { $count } sonhos foram apagados dos canais.
}
operating-privacy-left = { $count ->
    [one] Um sonho está onde não posso apagá-lo; a moderação do canal pode.
   *[other] { $count } sonhos estão onde não posso apagá-los; a moderação dos canais pode.
}
operating-privacy-exported = { $count ->
    [one] Tudo o que guardo sobre você: um sonho e seus ajustes.
   *[other] Tudo o que guardo sobre você: { $count } sonhos e seus ajustes.
}

# /help. $command: a command that can be tapped.
operating-help-title = **Transforme uma imagem em sonho**
operating-help-post = 1️⃣ Ache uma imagem no chat, ou poste uma.
operating-help-menu = 2️⃣ Mantenha pressionada a mensagem → **Apps** → **{ menu-dream-this }**. (Com mouse: botão direito.)
operating-help-buttons = 3️⃣ Aperte os botões sob o sonho: mais fundo, mais forte, desfazer…
operating-help-dream = { $command } escolha o estilo e a força
operating-help-hellscape = { $command } um vídeo que cai dentro do sonho
operating-help-bend = { $command } quebre a rede com beleza
operating-help-summon = { $command } invoque algo do nada
operating-help-layers = { $command } veja com que sonha cada camada
operating-help-privacy = { $command } o que guardo e como apagar
operating-help-picture-first = Um gato, e o mesmo gato sonhado: olhos verdes, escamas e bichinhos brotam do pelo.
operating-help-picture-looks = Nove estilos numa xícara de café: eyes, oracle, fur, storm, tartan, totem, lotus, agate e wool.
operating-help-picture-more = Um quadro de uma paisagem infernal cheia de olhos, uma xícara entortada em cores loucas e um farol invocado.

# /about
operating-about = Sou um bot que sonha as imagens postadas: procuro o que uma rede neural vê nelas e pinto mais disso (DeepDream). Sou software livre sob a licença MIT. Estas são as redes:
operating-about-model = { $title }
    Por { $authors }
    Licença: { $licence }
operating-about-own-model = Uma rede que o operador deste bot trouxe.
operating-about-thanks = Feito com PyTorch, discord.py, Pillow e muitos mais; THIRD_PARTY.md cita todos.
operating-about-invite = Adicionar a um servidor
operating-about-source = Código-fonte

# /stats. Below each of the headings stand lines such as “mixed5: dogs, fur · 12×”.
operating-stats-here = { $count ->
    [0] Nada foi sonhado aqui ainda.
    [one] **Um** sonho foi sonhado aqui.
   *[other] **{ $count }** sonhos foram sonhados aqui.
}
operating-stats-layers = **Camadas favoritas**
operating-stats-presets = **Estilos favoritos**
operating-stats-summoned = **O mais invocado**
operating-stats-yours-here = { $count ->
    [0] Nenhum é seu. /help mostra como se faz.
    [one] **Um** é seu.
   *[other] **{ $count }** são seus.
}
operating-stats-yours = { $count ->
    [0] Você ainda não sonhou. /help mostra como se faz.
    [one] Você sonhou **uma vez**.
   *[other] Você sonhou **{ $count }** vezes.
}

# The states of a job.
operating-state-received = recebidos
operating-state-queued = na fila
operating-state-running = sonhando
operating-state-delivering = a caminho
operating-state-done = prontos
operating-state-failed = falhos
operating-state-cancelled = cancelados

# /admin, which owners see.
operating-admin-owners-only = Só os donos deste bot podem usar /admin.
operating-admin-synced = { $count ->
    [one] Um comando publicado. O Discord pode levar um minuto para mostrá-lo.
   *[other] { $count } comandos publicados. O Discord pode levar um minuto para mostrá-los.
}
operating-admin-draining = { $count ->
    [0] Não aceito nada novo. Não há nada em andamento.
    [one] Não aceito nada novo. Um sonho está em andamento…
   *[other] Não aceito nada novo. { $count } sonhos estão em andamento…
}
operating-admin-drained = Esvaziado: nada mais está em andamento aqui. Reinicie-me para continuar; o que sobrou segue então.
operating-admin-no-devices = Não há nenhum dispositivo no momento.
operating-admin-device-jobs = { $count ->
    [0] livre
    [one] um sonho em curso
   *[other] { $count } sonhos em curso
}
operating-admin-device-busy = ocupado por { $duration } no total
operating-admin-device-restarts = { $count ->
    [one] reiniciado uma vez
   *[other] reiniciado { $count } vezes
}
operating-admin-device-check = não passou no autoteste ({ $problem }), por isso está mais lento. O log diz o que fazer.
operating-admin-model-here = aqui
operating-admin-model-missing = não está aqui; { $command } baixa
operating-admin-stats-servers = { $count ->
    [one] Em um servidor, a { $latency } ms do Discord.
   *[other] Em { $count } servidores, a { $latency } ms do Discord.
}
operating-admin-stats-waiting = { $count ->
    [0] Ninguém espera.
    [one] Um sonho espera, há { $duration }.
   *[other] { $count } sonhos esperam, o primeiro há { $duration }.
}
operating-admin-stats-unfinished = Agora:
operating-admin-stats-day = Últimas 24 horas:
operating-admin-stats-week = Últimos 7 dias:
operating-admin-stats-state = { $count } { $state }
operating-admin-server-blocked = Agora recuso todo pedido de { $server }.
operating-admin-server-unblocked = Volto a aceitar pedidos de { $server }.
operating-admin-person-blocked = Agora recuso em toda parte todo pedido de { $person }.
operating-admin-person-unblocked = Volto a aceitar pedidos de { $person }, a menos que a moderação de um servidor diga outra coisa.
operating-admin-not-blocked = { $server } não estava bloqueado.
operating-admin-no-server = Isso não é o ID de um servidor. Escolha um da lista, ou copie um ID: um número de cerca de 19 dígitos.
